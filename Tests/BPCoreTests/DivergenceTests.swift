import Testing

@testable import BPCore

/// A step whose loss or gradient is not finite says so and changes nothing.
@Suite struct DivergenceTests {
    static let rules = ReproducibilityTests.rules

    func expectUntouched(_ trainer: Backpropagation, _ samples: Samples, _ what: String) -> StepResult {
        let before = [trainer.parameters] + trainer.optimizer.slotNames.indices.map { trainer.slot($0) }
        let result = trainer.step(samples, rows: nil, range: 0..<samples.count, optimizerStep: 2)
        let after = [trainer.parameters] + trainer.optimizer.slotNames.indices.map { trainer.slot($0) }
        #expect(!result.isFinite, "\(what)")
        #expect(before.map(bits) == after.map(bits), "\(what)")
        return result
    }

    @Test(arguments: Self.rules, instructionSets)
    func aBadSampleLeavesTheStateUntouched(rule: Optimizer, set: InstructionSet) throws {
        var random = TestRandom(30)
        let example = try Case([4, 20, 3], [.tanh, .identity], .halfSquaredError, count: 6, &random)
        for bad in [Float.nan, .infinity, 3e38] {
            let trainer = try example.trainer(serial(set), rule)
            _ = trainer.step(try example.samples(), rows: nil, range: 0..<6, optimizerStep: 1)
            var targets = example.targets
            targets[7] = bad
            let samples = try Samples(
                inputs: example.inputs, targets: targets, count: 6, inputWidth: 4, targetWidth: 3)
            let result = expectUntouched(trainer, samples, "target \(bad)")
            #expect(bad.isNaN ? result.loss.bitPattern == 0x7FC0_0000 : result.loss == .infinity)
        }
    }

    /// The loss is finite, but a gradient of the first layer overflows: 1e38 · the input.
    @Test(arguments: instructionSets, [1, 2]) func aGradientAloneCanEndIt(set: InstructionSet, threads: Int) throws {
        let network = try Network(inputs: 2, layers: [(1, .identity), (1, .identity)])
        let trainer = try Backpropagation(
            network: network, loss: .halfSquaredError, optimizer: .adam(learningRate: 0.1), batchCapacity: 1,
            compute: Compute(threads: threads, instructionSet: set))
        try trainer.setParameters([0, 0, 0, 1e30, 1e10])
        let samples = try Samples(inputs: [1e10, 1], targets: [0], count: 1, inputWidth: 2, targetWidth: 1)
        let result = expectUntouched(trainer, samples, "gradient")
        #expect(result.loss == 0.5e20)
        let gradient = trainer.gradient(of: samples, rows: 0..<1).gradient
        #expect(gradient.contains { !$0.isFinite })
    }
}
