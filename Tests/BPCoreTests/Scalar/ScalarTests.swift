import CBPKernels
import Testing

@testable import BPCore

/// The kernels against the orders of docs/numerics.md written out, bit for bit, in both versions.
@Suite struct ScalarTests {
    static let functions: [(bp_function, @Sendable (ScalarFunctions, Float) -> Float)] = [
        (BP_FUNCTION_EXP, { $0.exp($1) }), (BP_FUNCTION_LOG1P, { $0.log1p($1.magnitude) }),
        (BP_FUNCTION_TANH, { $0.tanh($1) }), (BP_FUNCTION_SIGMOID, { $0.sigmoid($1) }),
    ]

    @Test(arguments: Numerics.allCases, 0..<4)
    func theElementaryFunctionsAreWhatThePageStates(numerics: Numerics, index: Int) throws {
        var random = TestRandom(40)
        let (kind, scalar) = Self.functions[index]
        let values =
            (0..<20_000).map { _ in random.anyFloat() } + random.floats(20_000, -110...110)
            + random.floats(20_000, -10...10) + [0, -0.0, .infinity, -.infinity, .nan]
        let inputs = kind == BP_FUNCTION_LOG1P ? values.map(\.magnitude) : values
        let expected = inputs.map { scalar(ScalarFunctions(numerics: numerics), $0) }
        for set in instructionSets {
            #expect(bits(try apply(kind, inputs, set, numerics)) == bits(expected), "\(set)")
        }
    }

    /// Batches on both sides of a block, of three blocks and of six, whose trees are (2 + 1) and (4 + 2).
    @Test(arguments: Numerics.allCases, [1, 128, 129, 300, 700])
    func stepsAreWhatThePageStates(numerics: Numerics, batch: Int) throws {
        var random = TestRandom(41)
        let rules = ReproducibilityTests.rules
        for (index, (output, loss)) in GradientTests.outputs.enumerated() {
            let hidden = GradientTests.hidden[index % GradientTests.hidden.count]
            let example = try Case([3, 18, 5], [hidden, output], loss, count: batch, &random)
            let rule = UpdateRule(rules[index % rules.count], weightDecay: index < rules.count ? 0 : 0.05)
            let inputs = (0..<batch).map { Array(example.inputs[$0 * 3..<$0 * 3 + 3]) }
            let targets = (0..<batch).map { Array(example.targets[$0 * 5..<$0 * 5 + 5]) }
            var scalar = ScalarTrainer(example.network, loss, rule, numerics, parameters: example.parameters)
            let losses = (1...2).map { scalar.step(inputs, targets, t: $0) }
            for set in instructionSets {
                let trainer = try Backpropagation(
                    network: example.network, loss: loss, rule: rule, batchCapacity: batch, numerics: numerics,
                    compute: serial(set))
                try trainer.setParameters(example.parameters)
                let samples = try example.samples()
                let found = (1...2).map {
                    trainer.step(samples, rows: nil, range: 0..<batch, optimizerStep: $0).loss
                }
                let what = "\(set), \(hidden) and \(output), \(loss), \(rule.optimizer)"
                #expect(bits(found) == bits(losses), "\(what)")
                #expect(bits(trainer.parameters) == bits(scalar.parameters), "\(what)")
                for slot in scalar.slots.indices {
                    #expect(bits(trainer.slot(slot)) == bits(scalar.slots[slot]), "\(what)")
                }
            }
        }
    }

    /// The versions differ where they must: in the blocks past 128 rows, and in the functions. One row past the block
    /// changes a bit of some gradients, not of each.
    @Test func theVersionsDifferPastABlockOnly() throws {
        var random = TestRandom(42)
        for (batch, activation, same) in [(128, Activation.relu, true), (129, .relu, false), (8, .tanh, false)] {
            var areSame: [Bool] = []
            for _ in 0..<20 {
                let example = try Case([6, 9, 2], [activation, .identity], .halfSquaredError, count: batch, &random)
                let found = try Numerics.allCases.map { numerics in
                    let trainer = try Backpropagation(
                        network: example.network, loss: example.loss, optimizer: .sgd(learningRate: 0.1),
                        batchCapacity: batch, numerics: numerics, compute: serial())
                    try trainer.setParameters(example.parameters)
                    return bits(trainer.gradient(of: try example.samples(), rows: 0..<batch).gradient)
                }
                areSame.append(found[0] == found[1])
            }
            #expect(areSame.allSatisfy { $0 } == same, "\(batch) rows, \(activation)")
        }
    }
}
