import Testing

@testable import BPCore

@Suite struct ErrorTests {
    typealias Shape = [(units: Int, activation: Activation)]

    @Test func networksThatCannotBe() throws {
        let cases: [(Int, Shape, CoreError)] = [
            (3, [], .noLayers),
            (0, [(1, .tanh)], .layerSize(layer: 0, units: 0)),
            (3, [(2, .tanh), (-1, .tanh)], .layerSize(layer: 2, units: -1)),
            (3, [(2, .softmax), (2, .identity)], .softmaxInside(layer: 1)),
            (3, [(1, .softmax)], .softmaxUnits(1)),
        ]
        for (inputs, layers, expected) in cases {
            #expect(throws: expected) { try Network(inputs: inputs, layers: layers) }
        }
        for size in [Int.max, Int.max / 2, 1 << 31] {
            #expect(throws: CoreError.self) { try Network(inputs: size, layers: [(size, .tanh)]) }
        }
    }

    @Test func lossesThatNeedOtherOutputs() throws {
        for activation in [Activation.identity, .tanh, .relu] {
            let network = try Network(inputs: 2, layers: [(2, activation)])
            #expect(throws: CoreError.lossNeedsOutput(loss: .crossEntropy, activation: activation)) {
                try Backpropagation(
                    network: network, loss: .crossEntropy, optimizer: .sgd(learningRate: 1), batchCapacity: 1,
                    compute: serial())
            }
        }
    }

    @Test(
        arguments: [
            .sgd(learningRate: 0), .sgd(learningRate: -1), .sgd(learningRate: .nan), .sgd(learningRate: .infinity),
            .sgd(learningRate: 1e39), .sgd(learningRate: 1e-60), .momentum(learningRate: 1, momentum: 1),
            .momentum(learningRate: 1, momentum: -0.1), .momentum(learningRate: 1, momentum: 0.999999999),
            // Above 0, and 0 as a float32.
            .momentum(learningRate: 1, momentum: 1e-50), .adam(learningRate: 1, beta1: 1e-46),
            .adam(learningRate: 1, beta1: 1), .adam(learningRate: 1, beta2: .nan), .adam(learningRate: 1, epsilon: 0),
        ] as [Optimizer])
    func rulesThatMeanNothing(rule: Optimizer) throws {
        #expect(throws: CoreError.self) { try rule.validate() }
    }

    /// Negative, not a number, so large that one update would take the whole weight, or 0 as a float32.
    @Test(arguments: [-0.1, .nan, .infinity, 4, 3.99999999, 1e300, 1e-50]) func decaysThatMeanNothing(decay: Double)
        throws
    {
        let network = try Network(inputs: 1, layers: [(1, .identity)])
        for rule in [.sgd(learningRate: 0.25), .adamw(learningRate: 0.25)] as [Optimizer] {
            let error = #expect(throws: CoreError.self) {
                try Backpropagation(
                    network: network, loss: .halfSquaredError, optimizer: rule, weightDecay: decay, batchCapacity: 1,
                    compute: serial())
            }
            #expect(error?.description.hasPrefix("weight decay of \(rule.name) must be") == true)
        }
        for decay in [0, 1.5e-45, 3.9] { try Optimizer.sgd(learningRate: 0.25).validate(weightDecay: decay) }
    }

    @Test func moreMemoryThanTheMachineHas() throws {
        let network = try Network(inputs: 1 << 20, layers: [(1 << 20, .tanh)])
        let error = #expect(throws: CoreError.self) {
            try Backpropagation(
                network: network, loss: .halfSquaredError, optimizer: .adam(learningRate: 1), batchCapacity: 1,
                compute: serial())
        }
        guard case .memory(let needed, let physical)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // Parameters, their gradient and two moments, 4 bytes each, in panels of 16.
        #expect(needed >= 4 * 4 << 40 && needed < 4 * 5 << 40)
        #expect(physical > 1 << 28)
        let small = try Network(inputs: 1000, layers: [(1000, .tanh)])
        #expect(throws: CoreError.self) {
            try Backpropagation(
                network: small, loss: .halfSquaredError, optimizer: .sgd(learningRate: 1),
                batchCapacity: Int(Int32.max), compute: serial())
        }
    }

    @Test func sizesThatDoNotFit() throws {
        let network = try Network(inputs: 2, layers: [(3, .tanh)])
        let trainer = try Backpropagation(
            network: network, loss: .halfSquaredError, optimizer: .momentum(learningRate: 1, momentum: 0),
            batchCapacity: 1, compute: serial())
        #expect(throws: CoreError.shape(what: "the number of parameters", expected: 9, found: 8)) {
            try trainer.setParameters([Float](repeating: 0, count: 8))
        }
        #expect(throws: CoreError.shape(what: "the number of values in velocity", expected: 9, found: 0)) {
            try trainer.setSlot(0, [])
        }
        #expect(throws: CoreError.self) { try trainer.outputs(of: [1, 2, 3], count: 2) }
        #expect(throws: CoreError.self) { try trainer.outputs(of: [], count: -1) }
        #expect(throws: CoreError.self) { try trainer.outputs(of: [], count: .max) }
        #expect(throws: CoreError.self) {
            try Samples(inputs: [1, 2], targets: [1], count: 2, inputWidth: 2, targetWidth: 1)
        }
        for (count, width) in [(-1, 1), (.max, .max), (0, 0), (0, .max)] {
            #expect(throws: CoreError.self) {
                try Samples(inputs: [], targets: [], count: count, inputWidth: width, targetWidth: width)
            }
        }
        for threads in [0, -1, 257, .max] {
            #expect(throws: CoreError.self) { try Compute(threads: threads) }
        }
    }

    @Test func everyErrorSaysItsValue() {
        #expect("\(CoreError.softmaxUnits(1))" == "softmax needs at least 2 outputs, not 1")
        #expect(
            "\(CoreError.optimizerSetting(rule: "sgd", setting: "learning rate", value: -1, allowed: "positive"))"
                == "learning rate of sgd must be positive, not -1.0")
    }
}
