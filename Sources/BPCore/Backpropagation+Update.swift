import CBPKernels

extension Backpropagation {
    /// Rows 8, 17, 18, 20: the rule, one pass over all parameters and slots; the gradient is the sum times 1/B.
    func update(_ numbers: bp_update, isShared: Bool) {
        let count = workspace.layout.count
        let size = Self.updateBlock
        compute.forEach((count + size - 1) / size, isShared: isShared) { index in
            let block = index * size..<min((index + 1) * size, count)
            if weightDecay > 0 {
                updateWithDecay(numbers, block)
            } else {
                update(numbers, block)
            }
        }
    }

    /// Rows 6, 7, 8: gradient and update together, piece by piece; the sums of a piece are used up where they are made. The
    /// whole gradient is known to be finite.
    func descend(_ batch: Batch, _ numbers: bp_update) {
        fusedSteps += 1
        let ofBiases = withoutDecay(numbers)
        compute.forEach(schedule.parameterPieces, isShared: schedule.isShared(rows: batch.count)) { _, piece in
            let layer = layers[piece.layer]
            let below = below(piece.layer, batch.inputs)
            let offset = workspace.layout.offsets[piece.layer]
            let slots = workspace.slots
            var descent = bp_descent(
                batch: batch.count, inputs: layer.inputs, outputs: layer.outputs, block: rowBlock,
                first_panel: piece.panels.lowerBound, end_panel: piece.panels.upperBound,
                first_input: piece.inputs.lowerBound, end_input: piece.inputs.upperBound,
                a: below.start, a_stride: below.stride, d: layer.delta.start, d_stride: layer.delta.stride,
                w: layer.weights, slot1: slots.isEmpty ? nil : slots[0].start + offset,
                slot2: slots.count < 2 ? nil : slots[1].start + offset, rule: optimizer.kernel,
                of_weights: numbers, of_biases: ofBiases)
            kernels.pointee.descend(&descent)
        }
    }

    /// Row 17: biases never decay.
    private func withoutDecay(_ numbers: bp_update) -> bp_update {
        var numbers = numbers
        (numbers.weight_decay, numbers.shrink) = (0, 0)
        return numbers
    }

    // Parameters that one thread updates at a time; a multiple of 16.
    private static let updateBlock = 1 << 16

    /// Biases are in rows of their own.
    private func updateWithDecay(_ numbers: bp_update, _ block: Range<Int>) {
        let ofBiases = withoutDecay(numbers)
        workspace.layout.forEachStretch(of: block) { stretch, isBias in update(isBias ? ofBiases : numbers, stretch) }
    }

    private func update(_ numbers: bp_update, _ range: Range<Int>) {
        let (start, count) = (range.lowerBound, range.count)
        let g = workspace.gradient.start + start
        let w = workspace.parameters.start + start
        withUnsafePointer(to: numbers) { numbers in
            switch optimizer {
            case .sgd:
                kernels.pointee.sgd(numbers, count, g, w)
            case .momentum:
                kernels.pointee.momentum(numbers, count, g, w, workspace.slots[0].start + start)
            case .adam, .adamw:
                kernels.pointee.adam(
                    numbers, count, g, w, workspace.slots[0].start + start, workspace.slots[1].start + start)
            }
        }
    }
}

extension Optimizer {
    /// The scalars of update t with rate μ, computed in Double and rounded to float32 once each.
    func numbers(step t: Int, learningRate rate: Double, weightDecay: Double) -> bp_update {
        var numbers = bp_update()
        numbers.weight_decay = Float(weightDecay)
        switch self {
        case .sgd:
            numbers.rate = Float(rate)
        case .momentum(_, let momentum):
            numbers.rate = Float(rate)
            numbers.decay1 = Float(momentum)
        case .adam(_, let beta1, let beta2, let epsilon), .adamw(_, let beta1, let beta2, let epsilon):
            numbers.rate = Float(rate / (1 - power(beta1, t)))
            numbers.decay1 = Float(beta1)
            numbers.complement1 = Float(1 - beta1)
            numbers.decay2 = Float(beta2)
            numbers.complement2 = Float(1 - beta2)
            numbers.correction2 = Float(1 / (1 - power(beta2, t)))
            numbers.epsilon = Float(epsilon)
        }
        if case .adamw = self { (numbers.weight_decay, numbers.shrink) = (0, Float(rate * weightDecay)) }
        return numbers
    }
}

/// baseⁿ by squaring, from the lowest bit of n upward: libm's `pow` has other bits on another machine.
func power(_ base: Double, _ n: Int) -> Double {
    var (result, square, rest) = (1.0, base, n)
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}
