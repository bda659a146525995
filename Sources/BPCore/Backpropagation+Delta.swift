import CBPKernels

extension Backpropagation {
    /// Row 4: δ(L) = g ⊙ f_L′(z(L)); for softmax a ⊙ (g − Σ_k g_k a_k); with cross-entropy o − y (rows 13, 14).
    func outputDelta(_ targets: Rows, _ rows: Range<Int>) {
        let output = layers[layers.count - 1]
        let first = rows.lowerBound
        kernels.pointee.output_delta(
            lossKernel, output.activation, rows.count, output.outputs, output.a.stride, output.a[first], targets[first],
            targets.stride,
            output.delta[first])
    }

    /// Row 5: δ(l) = f_l′(z(l)) ⊙ (W(l+1))ᵀ δ(l+1), from the last hidden layer down to the first.
    func hiddenDeltas(_ rows: Range<Int>) {
        for index in stride(from: layers.count - 1, through: 1, by: -1) {
            let above = layers[index]
            let layer = layers[index - 1]
            sendBack(above, to: layer, rows)
            kernels.pointee.derivative(
                layer.activation, rows.count, layer.outputs, layer.a.stride, layer.a[rows.lowerBound],
                layer.delta[rows.lowerBound])
        }
    }

    /// Σ_j w_ji δ_j(l+1), j ascending.
    private func sendBack(_ above: Workspace.LayerView, to layer: Workspace.LayerView, _ rows: Range<Int>) {
        var product = bp_product(
            rows: rows.count, depth: above.outputs, panels: layer.panels, block: 0,
            a: above.delta[rows.lowerBound], a_row: above.delta.stride, a_k: 1,
            b: above.transposed, b_k: lanes, b_panel: above.outputs * lanes,
            c: layer.delta[rows.lowerBound], c_row: layer.delta.stride, c_panel: lanes)
        _ = kernels.pointee.product(&product)
    }

    /// The weights of all layers but the first, inputs and outputs exchanged, for `hiddenDeltas`.
    func transposeWeights() {
        compute.forEach(layers.count - 1) { index in
            let layer = layers[index + 1]
            kernels.pointee.transpose(layer.inputs, layer.outputs, layer.weights, layer.transposed)
        }
    }
}
