import Testing

@testable import BPCore

/// Weight decay (THEORY rows 17, 20): what the rules make of it, and that biases and pads know none.
@Suite struct DecayTests {
    /// z = 2·1 + 1, y = 1: both partial derivatives are 2. Every number is exact in float32.
    @Test func oneStepByHand() throws {
        let network = try Network(inputs: 1, layers: [(1, .identity)])
        let cases: [(Optimizer, weight: Float, bias: Float)] = [
            // g = 2 + ½·2.
            (.sgd(learningRate: 0.25), 2 - 0.25 * 3, 0.5),
            (.momentum(learningRate: 0.25, momentum: 0.5), 2 - 0.25 * 3, 0.5),
            // m̂ = 3, v̂ = 9, and ε is lost beside 3.
            (.adam(learningRate: 0.25, beta1: 0.5, beta2: 0.5, epsilon: 1e-30), 2 - 0.25, 0.75),
            (.adamw(learningRate: 0.25, beta1: 0.5, beta2: 0.5, epsilon: 1e-30), 2 - 0.125 * 2 - 0.25, 0.75),
        ]
        for (rule, weight, bias) in cases {
            let trainer = try Backpropagation(
                network: network, loss: .halfSquaredError, optimizer: rule, weightDecay: 0.5, batchCapacity: 1,
                compute: serial())
            try trainer.setParameters([2, 1])
            let samples = try Samples(inputs: [1], targets: [1], count: 1, inputWidth: 1, targetWidth: 1)
            let result = trainer.step(samples, rows: nil, range: 0..<1, optimizerStep: 1)
            // The loss is without the decay term.
            #expect(result == StepResult(loss: 2, isFinite: true))
            #expect(trainer.parameters == [weight, bias], "\(rule)")
        }
    }

    /// Thirty updates in Double, from the gradients that the trainer had, with another rate each.
    @Test(arguments: ReproducibilityTests.rules, instructionSets)
    func stepsAreThoseOfTheEquations(rule: Optimizer, set: InstructionSet) throws {
        var random = TestRandom(50)
        let decay = 0.03
        let example = try Case([19, 33, 3], [.tanh, .softmax], .crossEntropy, count: 12, &random)
        let samples = try example.samples()
        let trainer = try example.trainer(serial(set), rule, decay: decay)
        var reference = Reference(example.parameters.map(Double.init), example.network, rule, decay)
        let schedule = try Schedule(
            .cosine(minimum: 0), epochs: 30, warmup: 4, learningRate: rule.learningRate)
        for t in 1...30 {
            let rate = schedule.rate(epoch: t, learningRate: rule.learningRate)
            let gradient = trainer.gradient(of: samples, rows: 0..<12).gradient
            _ = trainer.step(samples, rows: nil, range: 0..<12, optimizerStep: t, learningRate: rate)
            reference.step(gradient.map(Double.init), t, rate)
        }
        let worst = zip(trainer.parameters, reference.w).map { abs(Double($0) - $1) }.max()!
        let moved = zip(example.parameters, reference.w).map { abs(Double($0) - $1) }.max()!
        print("\(rule.name), \(set): 30 updates with decay within \(worst), moved by \(moved)")
        #expect(worst < 1e-6 && moved > 0.01)
    }

    /// The first update of a network of several blocks: biases as without decay, bit for bit, every weight otherwise.
    @Test(arguments: ReproducibilityTests.rules) func biasesDoNotDecay(rule: Optimizer) throws {
        var random = TestRandom(51)
        let example = try Case([300, 260, 40, 10], [.tanh, .tanh, .softmax], .crossEntropy, count: 8, &random)
        let samples = try example.samples()
        let trainers = try [0, 0.5].map { try example.trainer(serial(), rule, decay: $0) }
        for trainer in trainers { _ = trainer.step(samples, rows: nil, range: 0..<8, optimizerStep: 1) }
        let (without, with) = (trainers[0].parameters, trainers[1].parameters)
        for layer in example.network.layers.indices {
            let biases = example.network.biasRange(layer: layer)
            #expect(bits(Array(with[biases])) == bits(Array(without[biases])))
            let weights = example.network.weightRange(layer: layer)
            // Adam's first step has the gradient's sign alone.
            let changed = weights.filter { with[$0] != without[$0] }.count
            if case .adam = rule { continue }
            #expect(changed > weights.count * 99 / 100, "\(changed) of \(weights.count)")
        }
    }

    @Test func withoutDecayAdamWIsAdam() throws {
        var random = TestRandom(52)
        let example = try Case([6, 20, 3], [.relu, .identity], .halfSquaredError, count: 5, &random)
        let trainers = try [.adam(learningRate: 0.01), .adamw(learningRate: 0.01)].map {
            try example.trainer(serial(), $0)
        }
        for t in 1...5 {
            for trainer in trainers {
                _ = trainer.step(try example.samples(), rows: nil, range: 0..<5, optimizerStep: t)
            }
        }
        #expect(bits(trainers[0].parameters) == bits(trainers[1].parameters))
    }

    /// Every place is in one stretch, and a bias where the canonical order has one.
    @Test func stretchesTellWeightsFromBiases() throws {
        let network = try Network(inputs: 5, layers: [(18, .tanh), (3, .tanh), (33, .identity)])
        let layout = try PackedLayout(network)
        let packed = try AlignedFloats(count: layout.count)
        var canonical = [Float](repeating: 1, count: network.parameterCount)
        for layer in network.layers.indices { for bias in network.biasRange(layer: layer) { canonical[bias] = 2 } }
        layout.pack(canonical, into: packed.start)
        for size in [16, 48, 80, 96, layout.count] {
            var next = 0
            for start in stride(from: 0, to: layout.count, by: size) {
                layout.forEachStretch(of: start..<min(start + size, layout.count)) { stretch, isBias in
                    #expect(stretch.lowerBound == next && !stretch.isEmpty)
                    #expect(stretch.allSatisfy { packed.start[$0] == 0 || packed.start[$0] == (isBias ? 2 : 1) })
                    next = stretch.upperBound
                }
            }
            #expect(next == layout.count)
        }
    }
}

/// The rules in Double, parameter by parameter as the equations have them.
private struct Reference {
    let rule: Optimizer
    let decay: Double
    let decays: [Bool]
    var w: [Double]
    var first, second: [Double]

    init(_ parameters: [Double], _ network: Network, _ rule: Optimizer, _ decay: Double) {
        (self.rule, self.decay, w) = (rule, decay, parameters)
        (first, second) = (parameters.map { _ in 0 }, parameters.map { _ in 0 })
        let biases = network.layers.indices.map { network.biasRange(layer: $0) }
        decays = parameters.indices.map { index in !biases.contains { $0.contains(index) } }
    }

    mutating func step(_ gradient: [Double], _ t: Int, _ rate: Double) {
        for i in w.indices {
            let lambda = decays[i] ? decay : 0
            var g = gradient[i]
            if case .adamw = rule { w[i] -= rate * lambda * w[i] } else { g += lambda * w[i] }
            switch rule {
            case .sgd: w[i] -= rate * g
            case .momentum(_, let beta):
                first[i] = beta * first[i] + g
                w[i] -= rate * first[i]
            case .adam(_, let beta1, let beta2, let epsilon), .adamw(_, let beta1, let beta2, let epsilon):
                first[i] = beta1 * first[i] + (1 - beta1) * g
                second[i] = beta2 * second[i] + (1 - beta2) * g * g
                let (m, v) = (first[i] / (1 - power(beta1, t)), second[i] / (1 - power(beta2, t)))
                w[i] -= rate * m / (v.squareRoot() + epsilon)
            }
        }
    }
}
