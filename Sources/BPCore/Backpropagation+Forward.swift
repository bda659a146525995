import CBPKernels

extension Backpropagation {
    /// Row 1: z(l) = W(l) a(l−1) + b(l), a(l) = f_l(z(l)), for l = 2 ... L and the given rows of a batch.
    func forward(_ inputs: Rows, _ rows: Range<Int>) {
        var below = inputs
        for layer in layers {
            netInput(layer, below, rows)
            activate(layer, rows)
            below = layer.a
        }
    }

    /// Σ_i w_ji a_i(l−1), i ascending; the bias follows in `activate`.
    private func netInput(_ layer: Workspace.LayerView, _ below: Rows, _ rows: Range<Int>) {
        var product = bp_product(
            rows: rows.count, depth: layer.inputs, panels: layer.panels, block: 0,
            a: below[rows.lowerBound], a_row: below.stride, a_k: 1,
            b: layer.weights, b_k: lanes, b_panel: layer.panelSize,
            c: layer.z[rows.lowerBound], c_row: layer.z.stride, c_panel: lanes)
        _ = kernels.pointee.product(&product)
    }

    /// z(l) ← z(l) + b(l), a(l) = f_l(z(l)).
    private func activate(_ layer: Workspace.LayerView, _ rows: Range<Int>) {
        kernels.pointee.activate(
            layer.activation, rows.count, layer.outputs, layer.a.stride, layer.biases, layer.panelSize,
            layer.z[rows.lowerBound], layer.a[rows.lowerBound])
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
