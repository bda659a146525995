import Testing

@testable import BPCore

/// Rows 1–7, 13, 14 against central differences of a naive forward pass in Double.
@Suite struct GradientTests {
    static let hidden: [Activation] = [.identity, .sigmoid, .tanh, .relu]
    static let outputs: [(Activation, Loss)] =
        Activation.allCases.map { ($0, .halfSquaredError) } + [(.softmax, .crossEntropy), (.sigmoid, .crossEntropy)]
    static let shapes: [[Int]] = [[3, 2], [4, 5, 3], [1, 1, 2], [2, 17, 3, 2], [3, 4, 2, 3, 17]]

    @Test(arguments: Self.hidden, Array(Self.outputs.indices))
    func gradientsAreCentralDifferences(hidden: Activation, output: Int) throws {
        let (activation, loss) = Self.outputs[output]
        var random = TestRandom(10)
        for shape in Self.shapes {
            let activations = [Activation](repeating: hidden, count: shape.count - 2) + [activation]
            let example = try Case(shape, activations, loss, count: 3, &random)
            let trainer = try example.trainer(serial())
            let (value, gradient) = trainer.gradient(of: try example.samples(), rows: 0..<3)

            let naive = DoubleNetwork(network: example.network, loss: loss)
            let (inputs, targets) = (example.inputs.map { Double($0) }, example.targets.map { Double($0) })
            let parameters = example.parameters.map { Double($0) }
            let exact = naive.batchLoss(parameters, inputs, targets).loss
            #expect(abs(Double(value) - exact) <= 2e-6 * max(exact, 1), "\(shape)")

            // An output is known to 2⁻²⁴, so its error δ is too, however small the gradient that comes of it.
            let bound = 1e-5 * Double(gradient.map(abs).max()!) + 1e-7
            var kinks = 0
            for index in parameters.indices {
                var (up, down) = (parameters, parameters)
                let h = 1e-5
                up[index] += h
                down[index] -= h
                let (above, below) = (naive.batchLoss(up, inputs, targets), naive.batchLoss(down, inputs, targets))
                if above.on != below.on {
                    kinks += 1
                    continue
                }
                let difference = (above.loss - below.loss) / (2 * h)
                #expect(
                    abs(Double(gradient[index]) - difference) <= bound,
                    "\(shape), parameter \(index): \(gradient[index]), not \(difference)")
            }
            #expect(kinks <= 3)
        }
    }

    /// Row 3: the mean over the batch is the mean of the samples' own gradients and losses.
    @Test func aBatchIsTheMeanOfItsSamples() throws {
        var random = TestRandom(11)
        let example = try Case([6, 9, 4], [.tanh, .softmax], .crossEntropy, count: 7, &random)
        let trainer = try example.trainer(serial())
        let samples = try example.samples()
        let whole = trainer.gradient(of: samples, rows: 0..<7)
        let single = (0..<7).map { trainer.gradient(of: samples, rows: $0..<$0 + 1) }
        #expect(abs(whole.loss - single.reduce(0) { $0 + $1.loss } / 7) < 1e-6)
        for index in whole.gradient.indices {
            let mean = single.reduce(0) { $0 + $1.gradient[index] } / 7
            #expect(abs(whole.gradient[index] - mean) < 1e-6)
        }
    }

    /// Losses far from 0 and 1: from z, they neither overflow nor lose their digits.
    @Test func crossEntropyIsAccurateInItsTails() throws {
        for (activation, outputs) in [(Activation.softmax, 2), (.sigmoid, 1)] {
            let network = try Network(inputs: 1, layers: [(outputs, activation)])
            let trainer = try Backpropagation(
                network: network, loss: .crossEntropy, optimizer: .sgd(learningRate: 1), batchCapacity: 1,
                compute: serial())
            for z in [-1e4, -90, -20, -1e-3, 0, 1e-3, 20, 90, 1e4] as [Float] {
                // z of the first output, 0 for the second; the target is the first class.
                try trainer.setParameters(outputs == 2 ? [0, 0, z, 0] : [0, z])
                let samples = try Samples(
                    inputs: [0], targets: outputs == 2 ? [1, 0] : [1], count: 1, inputWidth: 1, targetWidth: outputs)
                let (loss, gradient) = trainer.gradient(of: samples, rows: 0..<1)
                let exact = DoubleNetwork.softplus(-Double(z))
                #expect(
                    abs(Double(loss) - exact) <= 3e-7 * exact + 0x1p-149, "\(activation) at \(z): \(loss), not \(exact)"
                )
                #expect(gradient.allSatisfy { $0.isFinite })
            }
        }
    }
}
