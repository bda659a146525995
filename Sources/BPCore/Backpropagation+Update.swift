import CBPKernels

extension Backpropagation {
    /// Rows 8, 17, 18, 20: the rule with rate μ, one pass over all parameters and slots; the gradient is the sum times
    /// `scale` = 1/B.
    func update(scale: Float, optimizerStep: Int, learningRate: Double) {
        var numbers = optimizer.numbers(step: optimizerStep, learningRate: learningRate, weightDecay: weightDecay)
        numbers.scale = scale
        let count = workspace.layout.count
        let size = Self.updateBlock
        compute.forEach((count + size - 1) / size) { index in
            let block = index * size..<min((index + 1) * size, count)
            if weightDecay > 0 {
                updateWithDecay(numbers, block)
            } else {
                update(numbers, block)
            }
        }
    }

    // Parameters that one thread updates at a time; a multiple of 16.
    private static let updateBlock = 1 << 16

    /// Row 17: weights decay, biases never; they stand in rows of their own.
    private func updateWithDecay(_ numbers: bp_update, _ block: Range<Int>) {
        var ofBiases = numbers
        (ofBiases.weight_decay, ofBiases.shrink) = (0, 0)
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
