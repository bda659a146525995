import CBPKernels

extension Backpropagation {
    /// Rows 6, 7: Σ_b δ(l) (a(l−1))ᵀ and Σ_b δ(l) for every layer, b ascending in each block of rows and the blocks added
    /// by the tree of docs/numerics.md. The sums are left as they are; the update multiplies them by 1/B. Gives whether all of them are finite.
    func computeGradient(_ batch: Batch) -> Bool {
        let pieces = schedule.parameterPieces
        let isShared = schedule.isShared(rows: batch.count)
        return withUnsafeTemporaryAllocation(of: Bool.self, capacity: pieces.pieces.count) { finite in
            let flags = finite.baseAddress!
            compute.forEach(pieces, isShared: isShared) { index, piece in
                (flags + index).initialize(to: gradient(piece, batch))
            }
            return finite.allSatisfy { $0 }
        }
    }

    private func gradient(_ piece: WorkSchedule.ParameterPiece, _ batch: Batch) -> Bool {
        let layer = layers[piece.layer]
        let below = below(piece.layer, batch.inputs)
        let weights = weightGradient(layer, below, piece, batch.count)
        let biases = piece.inputs.lowerBound > 0 || biasGradient(layer, piece.panels, batch.count)
        return weights && biases
    }

    /// Row 6, Σ_b δ_j a_i.
    private func weightGradient(
        _ layer: Workspace.LayerView, _ below: Rows, _ piece: WorkSchedule.ParameterPiece, _ count: Int
    ) -> Bool {
        let firstInput = piece.inputs.lowerBound
        let firstPanel = piece.panels.lowerBound
        var product = bp_product(
            rows: piece.inputs.count, depth: count, panels: piece.panels.count, block: rowBlock,
            a: below.start + firstInput, a_row: 1, a_k: below.stride,
            b: layer.delta.start + firstPanel * lanes, b_k: layer.delta.stride, b_panel: lanes,
            c: layer.gradient + firstPanel * layer.panelSize + firstInput * lanes,
            c_row: lanes, c_panel: layer.panelSize)
        return kernels.pointee.product(&product)
    }

    /// Row 7, Σ_b δ_j.
    private func biasGradient(_ layer: Workspace.LayerView, _ panels: Range<Int>, _ count: Int) -> Bool {
        kernels.pointee.column_sums(
            count, layer.width(panels), layer.delta.stride, layer.delta.start + panels.lowerBound * lanes,
            layer.gradient + panels.lowerBound * layer.panelSize + layer.inputs * lanes, layer.panelSize, rowBlock)
    }
}
