import BPCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The forward pass and the loss (THEORY rows 1–3, 13, 14) in Double, written for reading and for nothing else. The
/// gradient check compares the trainer with it; no recorded number comes from it.
struct ReferenceNetwork {
    let network: Network
    let loss: Loss
    /// In canonical order.
    var parameters: [Double]

    /// The mean loss over the rows, and on which side of 0 each ReLU unit was for each row.
    func evaluate(_ inputs: [[Double]], _ targets: [[Double]]) -> (loss: Double, sides: [Bool]) {
        var sides: [Bool] = []
        var sum = 0.0
        for (input, target) in zip(inputs, targets) {
            var activation = input
            var preactivation: [Double] = []
            for (index, layer) in network.layers.enumerated() {
                preactivation = forward(layer, index, activation)
                if layer.activation == .relu { sides += preactivation.map { $0 > 0 } }
                activation = ReferenceNetwork.apply(layer.activation, preactivation)
            }
            sum += sampleLoss(preactivation, activation, target)
        }
        return (sum / Double(inputs.count), sides)
    }

    /// z = W a + b.
    private func forward(_ layer: Layer, _ index: Int, _ input: [Double]) -> [Double] {
        let (weights, biases) = (
            network.weightRange(layer: index).lowerBound, network.biasRange(layer: index).lowerBound
        )
        return (0..<layer.outputs).map { unit in
            var z = parameters[biases + unit]
            for (k, value) in input.enumerated() { z += parameters[weights + unit * layer.inputs + k] * value }
            return z
        }
    }

    private static func apply(_ activation: Activation, _ z: [Double]) -> [Double] {
        switch activation {
        case .identity: return z
        case .sigmoid: return z.map { 1 / (1 + exp(-$0)) }
        case .tanh: return z.map { tanh($0) }
        case .relu: return z.map { $0 > 0 ? $0 : 0 }
        case .softmax:
            let largest = z.max() ?? 0
            let powers = z.map { exp($0 - largest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    private func sampleLoss(_ z: [Double], _ output: [Double], _ target: [Double]) -> Double {
        switch (loss, network.outputActivation) {
        case (.halfSquaredError, _): return zip(output, target).reduce(0) { $0 + 0.5 * ($1.0 - $1.1) * ($1.0 - $1.1) }
        case (.crossEntropy, .softmax):
            let largest = z.max() ?? 0
            let logSum = largest + log(z.reduce(0) { $0 + exp($1 - largest) })
            return logSum - zip(target, z).reduce(0) { $0 + $1.0 * $1.1 }
        case (.crossEntropy, _):
            return zip(z, target).reduce(0) { $0 + max($1.0, 0) - $1.0 * $1.1 + log1p(exp(-abs($1.0))) }
        }
    }
}
