import BPCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The forward pass and the loss once more, naively, in Double and with libm: what the kernels are compared with.
struct DoubleNetwork {
    let network: Network
    let loss: Loss

    /// Every z of every layer for one sample, and a(L).
    func forward(_ parameters: [Double], _ input: ArraySlice<Double>) -> (z: [[Double]], output: [Double]) {
        var a = Array(input)
        var all: [[Double]] = []
        var at = 0
        for layer in network.layers {
            let biases = at + layer.outputs * layer.inputs
            let z = (0..<layer.outputs).map { j in
                (0..<layer.inputs).reduce(parameters[biases + j]) {
                    $0 + parameters[at + j * layer.inputs + $1] * a[$1]
                }
            }
            all.append(z)
            a = activate(layer.activation, z)
            at = biases + layer.outputs
        }
        return (all, a)
    }

    func activate(_ activation: Activation, _ z: [Double]) -> [Double] {
        switch activation {
        case .identity: return z
        case .sigmoid: return z.map { 1 / (1 + exp(-$0)) }
        case .tanh: return z.map { tanh($0) }
        case .relu: return z.map { max($0, 0) }
        case .softmax:
            let top = z.max()!
            let e = z.map { exp($0 - top) }
            let sum = e.reduce(0, +)
            return e.map { $0 / sum }
        }
    }

    /// J_i of one sample.
    func loss(_ z: [Double], _ o: [Double], _ y: ArraySlice<Double>) -> Double {
        let y = Array(y)
        switch (loss, network.outputActivation) {
        case (.halfSquaredError, _):
            return zip(o, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2
        case (_, .softmax):
            let top = z.max()!
            let logSum = top + log(z.reduce(0) { $0 + exp($1 - top) })
            return logSum - zip(z, y).reduce(0) { $0 + $1.0 * $1.1 }
        default:
            return zip(z, y).reduce(0) { $0 + Self.softplus($1.0) - $1.0 * $1.1 }
        }
    }

    /// ln(1 + e^z).
    static func softplus(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }

    /// J over a batch, and for each ReLU whether it is on, by which a kink within a difference is seen.
    func batchLoss(_ parameters: [Double], _ inputs: [Double], _ targets: [Double]) -> (loss: Double, on: [Bool]) {
        let count = inputs.count / network.inputs
        var total = 0.0
        var on: [Bool] = []
        for row in 0..<count {
            let x = inputs[row * network.inputs..<(row + 1) * network.inputs]
            let y = targets[row * network.outputs..<(row + 1) * network.outputs]
            let (z, o) = forward(parameters, x)
            total += loss(z[z.count - 1], o, y)
            for (layer, values) in zip(network.layers, z) where layer.activation == .relu {
                on += values.map { $0 > 0 }
            }
        }
        return (total / Double(count), on)
    }
}
