import Foundation
import Testing

@testable import BPCore

/// Many iterations in one call of the kernels: the same bits as step by step.
@Suite struct SmallTrainingTests {
    /// The results of a training: losses, their sum, how it ended, parameters and slots.
    private struct Outcome: Equatable {
        var losses: [UInt32] = []
        var lossSum = 0.0
        var isFinite = true
        var state: [UInt32] = []

        mutating func end(_ trainer: Backpropagation) {
            state = bits(trainer.parameters)
            for index in trainer.optimizer.slotNames.indices { state += bits(trainer.slot(index)) }
        }

        static func == (one: Outcome, other: Outcome) -> Bool {
            one.losses == other.losses && one.lossSum.bitPattern == other.lossSum.bitPattern
                && one.isFinite == other.isFinite && one.state == other.state
        }
    }

    private struct Setting {
        var rule: Optimizer
        var decay = 0.0
        var batch = 1
        var shuffled = false
        var firstStep = 1
        var passes = 2
        var rate: Double?
        var numerics = Numerics.newest
    }

    private func byStep(_ example: Case, _ set: InstructionSet, _ setting: Setting) throws -> Outcome {
        let trainer = try trainer(example, set, setting)
        let samples = try example.samples()
        var outcome = Outcome()
        var t = setting.firstStep
        for epoch in 1...setting.passes where outcome.isFinite {
            let order = order(example, setting, epoch)
            order.withUnsafeBufferPointer { order in
                for first in stride(from: 0, to: example.count, by: setting.batch) where outcome.isFinite {
                    let range = first..<min(first + setting.batch, example.count)
                    let result = trainer.step(
                        samples, rows: setting.shuffled ? order : nil, range: range, optimizerStep: t,
                        learningRate: setting.rate)
                    t += 1
                    outcome.losses.append(result.loss.bitPattern)
                    outcome.lossSum += Double(range.count) * Double(result.loss)
                    outcome.isFinite = result.isFinite
                }
            }
        }
        outcome.end(trainer)
        return outcome
    }

    /// - Parameter pieces: in how many calls each pass is trained.
    private func inOneCall(
        _ example: Case, _ set: InstructionSet, _ setting: Setting, pieces: Int = 1, expectsSmall: Bool = true
    ) throws -> Outcome {
        let trainer = try trainer(example, set, setting)
        let samples = try example.samples()
        var outcome = Outcome()
        var (t, whole) = (setting.firstStep, 0)
        for epoch in 1...setting.passes where outcome.isFinite {
            let order = order(example, setting, epoch)
            order.withUnsafeBufferPointer { order in
                let batches = (example.count + setting.batch - 1) / setting.batch
                let size = (batches + pieces - 1) / pieces * setting.batch
                for first in stride(from: 0, to: example.count, by: size) where outcome.isFinite {
                    let series = StepSeries(
                        samples: samples, rows: setting.shuffled ? order : nil,
                        range: first..<min(first + size, example.count), batchSize: setting.batch, optimizerStep: t,
                        learningRate: setting.rate ?? setting.rule.learningRate)
                    var losses = [Float](repeating: 7, count: series.iterations)
                    let result = losses.withUnsafeMutableBufferPointer {
                        trainer.train(series, losses: $0, lossSum: &outcome.lossSum)
                    }
                    t += result.iterations
                    whole += min(result.iterations, series.range.count / setting.batch)
                    outcome.losses += losses.prefix(result.iterations).map(\.bitPattern)
                    outcome.isFinite = result.isFinite
                }
            }
        }
        outcome.end(trainer)
        #expect(trainer.trainsSmall(setting.batch) == expectsSmall)
        #expect(trainer.smallIterations == (expectsSmall ? whole : 0), "iterations done in calls for many")
        return outcome
    }

    private func trainer(_ example: Case, _ set: InstructionSet, _ setting: Setting) throws -> Backpropagation {
        let trainer = try Backpropagation(
            network: example.network, loss: example.loss, optimizer: setting.rule, weightDecay: setting.decay,
            batchCapacity: setting.batch, numerics: setting.numerics, compute: serial(set))
        try trainer.setParameters(example.parameters)
        return trainer
    }

    private func order(_ example: Case, _ setting: Setting, _ epoch: Int) -> [Int32] {
        permutation(of: example.count, seed: 5, epoch: epoch)
    }

    private func compare(
        _ example: Case, _ setting: Setting, pieces: Int = 1, expectsSmall: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let expected = try byStep(example, .portable, setting)
        for set in instructionSets {
            let found = try inOneCall(example, set, setting, pieces: pieces, expectsSmall: expectsSmall)
            #expect(
                found == expected,
                """
                \(set), \(setting), \(example.network.inputs) \
                \(example.network.layers.map { "\($0.outputs) \($0.activation)" }) \(example.loss)
                """, sourceLocation: sourceLocation)
        }
        return expected
    }

    private static let shapes: [[Int]] = [
        [2, 3, 2], [2, 4, 2], [4, 8, 3], [1, 1, 16, 2], [16, 16, 16], [33, 7, 5], [3, 17, 4], [5, 40, 64],
        [64, 33, 20, 3],
        [20, 64, 49],
    ]

    /// Every rule with and without weight decay × every loss and output × every activation of hidden layers; shapes,
    /// batches and orders in turn.
    @Test(arguments: ReproducibilityTests.rules, [0, 0.05]) func everyCase(rule: Optimizer, decay: Double) throws {
        var random = TestRandom(60)
        var turn = 0
        for (output, loss) in GradientTests.outputs {
            for hidden in GradientTests.hidden {
                for batch in [1, 1, 3] {
                    let sizes = Self.shapes[turn % Self.shapes.count]
                    let activations = sizes.dropFirst(2).map { _ in hidden } + [output]
                    let example = try Case(sizes, activations, loss, count: 10, &random)
                    let setting = Setting(
                        rule: rule, decay: decay, batch: batch, shuffled: turn % 2 == 0, firstStep: 1 + turn * 37,
                        rate: turn % 3 == 0 ? rule.learningRate * 0.7 : nil)
                    let outcome = try compare(example, setting, pieces: 1 + turn % 3)
                    #expect(outcome.isFinite)
                    turn += 1
                }
            }
        }
    }

    /// Every shape with the largest batches, which are not whole at the end.
    @Test(arguments: shapes) func everyShapeInBatches(sizes: [Int]) throws {
        var random = TestRandom(61)
        for batch in [2, 4, 13, 16] {
            for rule in ReproducibilityTests.rules {
                let activations = sizes.dropFirst(2).map { _ in Activation.sigmoid } + [.softmax]
                let example = try Case(sizes, activations, .crossEntropy, count: 2 * batch + 1, &random)
                _ = try compare(
                    example, Setting(rule: rule, decay: 0.01, batch: batch, shuffled: batch == 13),
                    expectsSmall: batch * example.network.parameterCount <= SmallTraining.greatestWork)
            }
        }
    }

    /// Adam's powers of β far into a training.
    @Test func lateStepsOfAdam() throws {
        var random = TestRandom(62)
        let example = try Case([3, 5, 2], [.tanh, .identity], .halfSquaredError, count: 9, &random)
        for step in [1, 2, 1_000, 123_456_789, 1 << 40, (1 << 52) + 12_345] {
            _ = try compare(example, Setting(rule: .adam(learningRate: 0.01), firstStep: step))
        }
    }

    /// Inputs, targets and weights that make factors too large to be sure of, losses and gradients that are not finite:
    /// the update is refused in the same iteration, or made, as step by step.
    @Test(arguments: [[3, 4, 2], [3, 20, 2]], [1, 2]) func whatIsNotFiniteIsRefused(sizes: [Int], batch: Int) throws {
        var random = TestRandom(63)
        var refused = 0
        let activations: [Activation] = [.identity, .identity]
        for value in [1e15, 1e16, 1e18, 3e19, 1e30, 3e38, Float.infinity, .nan] {
            for place in 0..<3 {
                for rule in ReproducibilityTests.rules {
                    var example = try Case(sizes, activations, .halfSquaredError, count: 6, &random)
                    switch place {
                    case 0: example = example.with(input: value, at: 3 * sizes[0] + 1)
                    case 1: example = example.with(target: value, at: 3 * sizes[2])
                    default: example = example.with(parameter: value, at: sizes[0] * sizes[1] - 1)
                    }
                    let outcome = try compare(example, Setting(rule: rule, batch: batch, passes: 1))
                    if !outcome.isFinite { refused += 1 }
                }
            }
        }
        #expect(refused > 20)
    }

    /// A large input that no weight hears is no reason to refuse; one that is infinite is, wherever it goes.
    @Test func anInputAloneDoesNotDecide() throws {
        var random = TestRandom(64)
        let example = try Case([2, 4, 1], [.relu, .sigmoid], .halfSquaredError, count: 5, &random)
        let large = example.with(input: 1e20, at: 4)
        #expect(try compare(large, Setting(rule: .sgd(learningRate: 1e-30), passes: 1)).isFinite)
        let infinite = example.with(input: -.infinity, at: 4)
        #expect(try !compare(infinite, Setting(rule: .sgd(learningRate: 0.1), passes: 1)).isFinite)
    }

    /// Runs of the first version train step by step.
    @Test func theFirstVersionTrainsStepByStep() throws {
        var random = TestRandom(66)
        let example = try Case([3, 4, 2], [.tanh, .sigmoid], .halfSquaredError, count: 9, &random)
        _ = try compare(example, Setting(rule: .adam(learningRate: 0.01), numerics: .first), expectsSmall: false)
    }

    /// Networks that are too large train step by step, and so do batches of too many rows.
    @Test func largerOnesTrainStepByStep() throws {
        var random = TestRandom(65)
        let sgd = Optimizer.sgd(learningRate: 0.01)
        for sizes in [[65, 3, 2], [3, 65, 2], [3, 2, 65], [Int](repeating: 2, count: 18)] {
            let activations = sizes.dropFirst(2).map { _ in Activation.tanh } + [.identity]
            let example = try Case(sizes, activations, .halfSquaredError, count: 5, &random)
            _ = try compare(example, Setting(rule: sgd), expectsSmall: false)
        }
        let example = try Case([3, 4, 2], [.tanh, .identity], .halfSquaredError, count: 70, &random)
        _ = try compare(example, Setting(rule: sgd, batch: 17), expectsSmall: false)
        _ = try compare(example, Setting(rule: sgd, batch: 16))
    }
}

extension Case {
    fileprivate func with(input: Float, at index: Int) -> Case {
        var inputs = inputs
        inputs[index] = input
        return Case(self, inputs: inputs, targets: targets, parameters: parameters)
    }

    fileprivate func with(target: Float, at index: Int) -> Case {
        var targets = targets
        targets[index] = target
        return Case(self, inputs: inputs, targets: targets, parameters: parameters)
    }

    fileprivate func with(parameter: Float, at index: Int) -> Case {
        var parameters = parameters
        parameters[index] = parameter
        return Case(self, inputs: inputs, targets: targets, parameters: parameters)
    }

    private init(_ other: Case, inputs: [Float], targets: [Float], parameters: [Float]) {
        (network, loss, count) = (other.network, other.loss, other.count)
        (self.inputs, self.targets, self.parameters) = (inputs, targets, parameters)
    }
}
