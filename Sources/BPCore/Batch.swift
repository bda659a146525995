/// The rows of one step: either samples in place, or indices of samples that are gathered into the workspace.
struct Batch {
    /// B.
    let count: Int
    /// Row b is a(1) of the batch's sample b.
    let inputs: Rows
    let targets: Rows
    /// The bits of the greatest |x| of all samples.
    let greatestInput: UInt32
    /// Where rows come from if they do not lie one behind the other.
    let gathered: (indices: UnsafePointer<Int32>, inputs: Rows, targets: Rows)?

    /// 1/B rounded to float32, by which sums over the batch become means.
    var scale: Float { reciprocal(count) }
}

/// The float32 nearest to 1/n: in Double first, since not every n is a float32.
func reciprocal(_ n: Int) -> Float { Float(1 / Double(n)) }

extension Backpropagation {
    func batch(of samples: Samples, rows: UnsafeBufferPointer<Int32>?, range: Range<Int>) -> Batch {
        precondition(
            samples.inputWidth == network.inputs && samples.targetWidth == network.outputs,
            "samples of other widths than the network's")
        precondition(!range.isEmpty && range.count <= batchCapacity, "a batch of other than 1 to batchCapacity rows")
        guard let rows else {
            precondition(range.lowerBound >= 0 && range.upperBound <= samples.count, "rows outside the samples")
            return Batch(
                count: range.count, inputs: samples.inputs.from(range.lowerBound),
                targets: samples.targets.from(range.lowerBound), greatestInput: samples.greatestInput, gathered: nil)
        }
        precondition(range.lowerBound >= 0 && range.upperBound <= rows.count, "places outside the order of rows")
        let first = Int(rows[range.lowerBound])
        var isRun = true
        for place in range {
            let row = Int(rows[place])
            precondition(row >= 0 && row < samples.count, "a row outside the samples")
            isRun = isRun && row == first + place - range.lowerBound
        }
        if isRun {
            return Batch(
                count: range.count, inputs: samples.inputs.from(first), targets: samples.targets.from(first),
                greatestInput: samples.greatestInput, gathered: nil)
        }
        return Batch(
            count: range.count, inputs: workspace.gatheredInputs, targets: workspace.gatheredTargets,
            greatestInput: samples.greatestInput,
            gathered: (rows.baseAddress! + range.lowerBound, samples.inputs, samples.targets))
    }

    /// Copies rows that do not lie one behind the other together.
    func gather(_ batch: Batch, _ rows: Range<Int>) {
        guard let source = batch.gathered else { return }
        let targetStride = batch.targets.stride
        for row in rows {
            let index = Int(source.indices[row])
            batch.inputs[row].update(from: source.inputs[index], count: network.inputs)
            batch.targets[row].update(from: source.targets[index], count: targetStride)
        }
    }
}
