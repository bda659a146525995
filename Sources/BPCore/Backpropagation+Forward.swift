import CBPKernels

extension Backpropagation {
    /// Row 1: z(l) = W(l) a(l−1) + b(l), a(l) = f_l(z(l)), for l = 2 ... L and the given rows of a batch.
    func forward(_ inputs: Rows, _ rows: Range<Int>) { forward(inputs, rows, through: 0..<layers.count) }

    /// The same for some layers, counted from 0.
    func forward(_ inputs: Rows, _ rows: Range<Int>, through some: Range<Int>) {
        for index in some {
            netInput(index, inputs, rows, 0..<layers[index].panels)
            activate(index, rows, 0..<layers[index].panels)
        }
    }

    /// a(l−1) of a layer, counted from 0: the rows of `inputs` for the first.
    func below(_ index: Int, _ inputs: Rows) -> Rows { index == 0 ? inputs : layers[index - 1].a }

    /// Σ_i w_ji a_i(l−1), i ascending, for the outputs j of some panels; the bias follows in `activate`.
    func netInput(_ index: Int, _ inputs: Rows, _ rows: Range<Int>, _ panels: Range<Int>) {
        let layer = layers[index]
        let below = below(index, inputs)
        var product = bp_product(
            rows: rows.count, depth: layer.inputs, panels: panels.count, block: 0,
            a: below[rows.lowerBound], a_row: below.stride, a_k: 1,
            b: layer.weights + panels.lowerBound * layer.panelSize, b_k: lanes, b_panel: layer.panelSize,
            c: layer.z[rows.lowerBound] + panels.lowerBound * lanes, c_row: layer.z.stride, c_panel: lanes)
        _ = kernels.pointee.product(&product)
    }

    /// z(l) ← z(l) + b(l), a(l) = f_l(z(l)), for some panels; softmax needs all of them.
    func activate(_ index: Int, _ rows: Range<Int>, _ panels: Range<Int>) {
        let layer = layers[index]
        let column = panels.lowerBound * lanes
        kernels.pointee.activate(
            layer.activation, rows.count, layer.width(panels), layer.a.stride,
            layer.biases + panels.lowerBound * layer.panelSize, layer.panelSize,
            layer.z[rows.lowerBound] + column, layer.a[rows.lowerBound] + column)
    }

    /// Keeps the greatest |a(l)| of some rows and panels, for `Greatest.boundsGradient`.
    func noteActivations(_ index: Int, _ rows: Range<Int>, _ panels: Range<Int>) {
        let layer = layers[index]
        kernels.pointee.note_greatest(
            rows.count, layer.width(panels), layer.a.stride, layer.a[rows.lowerBound] + panels.lowerBound * lanes,
            workspace.greatest.activation)
    }

    /// The output layer's activation, rows 2, 13, 14: J_i, and row 4: δ(L) = g ⊙ f_L′(z(L)); for softmax
    /// a ⊙ (g − Σ_k g_k a_k); with cross-entropy o − y. `netInput` came before.
    func outputEdge(_ targets: Rows, _ rows: Range<Int>) {
        let output = layers[layers.count - 1]
        let first = rows.lowerBound
        kernels.pointee.output_edge(
            lossKernel, output.activation, rows.count, output.outputs, output.a.stride, output.biases,
            output.panelSize, output.z[first], output.a[first], targets[first], targets.stride,
            workspace.rowLosses + first, output.delta[first])
    }

    /// Rows 2, 13, 14: J_i of each row.
    func losses(_ targets: Rows, _ rows: Range<Int>) {
        let output = layers[layers.count - 1]
        let first = rows.lowerBound
        kernels.pointee.losses(
            lossKernel, output.activation, rows.count, output.outputs, output.a.stride, output.z[first],
            output.a[first],
            targets[first], targets.stride, workspace.rowLosses + first)
    }

    /// Row 3: J = (1/B) Σ J_i, the sum by the kernels' order.
    func mean(_ rowLosses: UnsafePointer<Float>, _ batch: Batch) -> Float {
        canonical(kernels.pointee.sum(rowLosses, batch.count) * batch.scale)
    }

    /// The same number, a NaN with the one pattern that is recorded.
    func canonical(_ loss: Float) -> Float { loss.isNaN ? Float(bitPattern: 0x7FC0_0000) : loss }
}
