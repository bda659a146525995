import CBPKernels

extension Backpropagation {
    /// Row 5: δ(l−1) = f_{l−1}′(z(l−1)) ⊙ (W(l))ᵀ δ(l) for all units, by the weights transposed (`transposeWeights`).
    func hiddenDelta(below index: Int, _ rows: Range<Int>) {
        sendBack(index, rows, 0..<layers[index - 1].panels)
        derivative(index - 1, rows, 0..<layers[index - 1].panels)
    }

    /// Σ_j w_ji δ_j(l), j ascending, for the inputs i of some panels.
    func sendBack(_ index: Int, _ rows: Range<Int>, _ panels: Range<Int>) {
        let (above, layer) = (layers[index], layers[index - 1])
        guard let transposed = above.transposed else { preconditionFailure("a layer without its weights transposed") }
        let panelSize = above.outputs * lanes
        var product = bp_product(
            rows: rows.count, depth: above.outputs, panels: panels.count, block: 0,
            a: above.delta[rows.lowerBound], a_row: above.delta.stride, a_k: 1,
            b: transposed + panels.lowerBound * panelSize, b_k: lanes, b_panel: panelSize,
            c: layer.delta[rows.lowerBound] + panels.lowerBound * lanes, c_row: layer.delta.stride, c_panel: lanes)
        _ = kernels.pointee.product(&product)
    }

    /// The same sums of all rows, by the errors transposed (`turnErrors`).
    func sendBackTurned(_ index: Int, rows: Int, _ panels: Range<Int>) {
        let (above, layer) = (layers[index], layers[index - 1])
        var back = bp_back(
            rows: rows, outputs: above.outputs, first_input: panels.lowerBound * lanes,
            end_input: min(panels.upperBound * lanes, above.inputs), d: workspace.turnedErrors,
            d_stride: ErrorsTurned.stride(rows: rows), w: above.weights, w_panel: above.panelSize,
            out: layer.delta.start, out_stride: layer.delta.stride)
        kernels.pointee.send_back(&back)
    }

    /// δ(l) transposed, for the units of some panels.
    func turnErrors(_ index: Int, rows: Int, _ panels: Range<Int>) {
        let layer = layers[index]
        let stride = ErrorsTurned.stride(rows: rows)
        kernels.pointee.transpose_rows(
            rows, layer.width(panels), layer.delta.stride, layer.delta.start + panels.lowerBound * lanes,
            workspace.turnedErrors + panels.lowerBound * lanes * stride, stride)
    }

    /// δ(l) ← δ(l) ⊙ f_l′(z(l)), for some panels.
    func derivative(_ index: Int, _ rows: Range<Int>, _ panels: Range<Int>) {
        let layer = layers[index]
        let column = panels.lowerBound * lanes
        kernels.pointee.derivative(
            layer.activation, rows.count, layer.width(panels), layer.a.stride, layer.a[rows.lowerBound] + column,
            layer.delta[rows.lowerBound] + column)
    }

    /// Keeps the greatest |δ(l)| of some rows and panels, for `Greatest.boundsGradient`.
    func noteErrors(_ index: Int, _ rows: Range<Int>, _ panels: Range<Int>) {
        let layer = layers[index]
        kernels.pointee.note_greatest(
            rows.count, layer.width(panels), layer.delta.stride,
            layer.delta[rows.lowerBound] + panels.lowerBound * lanes, workspace.greatest.error)
    }

    /// Whether a layer's errors are transposed in this batch, and not its weights.
    func turnsErrors(_ index: Int, rows: Int) -> Bool {
        rows <= ErrorsTurned.mostRows(inputs: layers[index].inputs, outputs: layers[index].outputs)
    }

    /// The weights of a layer, inputs and outputs exchanged, for some panels of inputs.
    func transposeWeights(_ index: Int, _ panels: Range<Int>) {
        let layer = layers[index]
        guard let transposed = layer.transposed else { preconditionFailure("a layer without its weights transposed") }
        kernels.pointee.transpose(
            layer.inputs, layer.outputs, panels.lowerBound, panels.upperBound, layer.weights, transposed)
    }
}
