extension Backpropagation {
    /// a(L) for each sample: [N × n_L], row-major. N may be any number.
    public func outputs(of samples: Samples) -> [Float] {
        precondition(samples.inputWidth == network.inputs, "samples of another width than the network's")
        return forwardAll(samples.inputs, count: samples.count, eachBlock: { _, _ in })
    }

    /// a(L) for `count` rows of `inputs` [count × n_1]: [count × n_L], row-major.
    /// - Throws: `CoreError.shape` if `inputs` has not count × n_1 values.
    public func outputs(of inputs: [Float], count: Int) throws(CoreError) -> [Float] {
        let size = try multiply(count, network.inputs, "\(count) rows of \(network.inputs) inputs")
        guard inputs.count == size, count >= 0 else {
            throw .shape(what: "the number of values in the inputs", expected: size, found: inputs.count)
        }
        return inputs.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return [] }
            // The rows are read only; the matrices of a network are written through the same type.
            let rows = Rows(start: UnsafeMutablePointer(mutating: start), stride: network.inputs)
            return forwardAll(rows, count: count, eachBlock: { _, _ in })
        }
    }

    /// The mean loss over all samples, (1/N) Σ J_i, and a(L) of each, [N × n_L]. N may be any number; of none the
    /// loss is NaN.
    public func evaluate(_ samples: Samples) -> (loss: Float, outputs: [Float]) {
        precondition(
            samples.inputWidth == network.inputs && samples.targetWidth == network.outputs,
            "samples of other widths than the network's")
        var rowLosses = [Float](repeating: 0, count: samples.count)
        let outputs = rowLosses.withUnsafeMutableBufferPointer { rowLosses in
            forwardAll(samples.inputs, count: samples.count) { block, rows in
                losses(samples.targets.from(block), rows)
                for row in rows { rowLosses[block + row] = workspace.rowLosses[row] }
            }
        }
        let sum = kernels.pointee.sum(rowLosses, samples.count)
        return (canonical(sum * reciprocal(samples.count)), outputs)
    }

    /// J and ∇J of the samples in `rows`, averaged over them (rows 3, 6, 7); the gradient in canonical order.
    /// Nothing is updated.
    /// - Precondition: 1 to `batchCapacity` rows, all within `samples`, whose widths are the network's.
    public func gradient(of samples: Samples, rows: Range<Int>) -> (loss: Float, gradient: [Float]) {
        let batch = batch(of: samples, rows: nil, range: rows)
        let loss = propagate(batch)
        _ = computeGradient(batch)
        return (loss, workspace.layout.unpack(workspace.gradient.start).map { $0 * batch.scale })
    }

    /// Forward over any number of rows, as many at a time as the workspace holds. `eachBlock` is called while the
    /// activations of `rows` are there, `block` being the number of row 0; on several threads at once.
    private func forwardAll(
        _ inputs: Rows, count: Int, eachBlock: (_ block: Int, _ rows: Range<Int>) -> Void
    ) -> [Float] {
        let output = layers[layers.count - 1]
        let width = network.outputs
        return [Float](unsafeUninitializedCapacity: count * width) { buffer, initialized in
            initialized = count * width
            guard let result = buffer.baseAddress else { return }
            for block in stride(from: 0, to: count, by: workspace.capacity) {
                let inBlock = min(workspace.capacity, count - block)
                let pieces = schedule.rowBlocks(inBlock)
                compute.forEach(pieces.count, isShared: schedule.isShared(rows: inBlock)) { index in
                    let rows = pieces[index, of: inBlock]
                    forward(inputs.from(block), rows)
                    eachBlock(block, rows)
                    for row in rows {
                        (result + (block + row) * width).initialize(from: output.a[row], count: width)
                    }
                }
            }
        }
    }
}
