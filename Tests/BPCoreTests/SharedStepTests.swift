import Testing

@testable import BPCore

/// Steps on several threads: owned panels, the update fused into the gradient, errors turned instead of weights.
@Suite struct SharedStepTests {
    static let rules = ReproducibilityTests.rules

    /// A network with layers that are owned, beside layers that are not, in random order.
    private func shape(_ random: inout TestRandom, wide: Int) -> [Int] {
        var sizes = [Int.random(in: 1...300, using: &random)]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            sizes.append(
                Bool.random(using: &random)
                    ? Int.random(in: 2...40, using: &random) : Int.random(in: 256...wide, using: &random))
        }
        return sizes + [300, 260].shuffled(using: &random) + [Int.random(in: 2...20, using: &random)]
    }

    private func example(_ sizes: [Int], rows: Int, _ random: inout TestRandom) throws -> Case {
        let output = Activation.allCases.randomElement(using: &random)!
        let loss: Loss = Loss.crossEntropy.accepts(output: output) ? .crossEntropy : .halfSquaredError
        let hidden = sizes.dropFirst(2).map { _ in GradientTests.hidden.randomElement(using: &random)! }
        return try Case(sizes, hidden + [output], loss, count: rows, &random)
    }

    /// State and losses after two steps, and how many steps were fused and passes owned.
    private func train(
        _ example: Case, _ rule: Optimizer, decay: Double, _ compute: Compute, _ order: [Int32],
        numerics: Numerics = .newest
    ) throws -> (bits: [UInt32], fused: Int, owned: Int) {
        let trainer = try example.trainer(compute, rule, decay: decay, numerics: numerics)
        let samples = try example.samples()
        var found: [Float] = []
        for t in 1...2 {
            let result = order.withUnsafeBufferPointer { rows in
                trainer.step(samples, rows: t == 1 ? nil : rows, range: 0..<example.count, optimizerStep: t)
            }
            found += [result.loss, result.isFinite ? 1 : 0]
        }
        found += trainer.parameters
        for index in rule.slotNames.indices { found += trainer.slot(index) }
        return (bits(found), trainer.fusedSteps, trainer.ownedPasses)
    }

    /// Random shapes and batches, the second step with gathered rows, on 2 to 4 threads.
    @Test func ownedPanelsAndFusedUpdatesChangeNoBit() throws {
        var random = TestRandom(70)
        var owned = 0
        for round in 0..<12 {
            let sizes = shape(&random, wide: 300)
            let rows = [1, 5, 16, 17, 40, 130, 300].randomElement(using: &random)!
            let example = try example(sizes, rows: rows, &random)
            let rule = Self.rules[round % 4]
            let decay = round < 4 ? 0 : 0.05
            let order = permutation(of: rows, seed: 3, epoch: 1)
            let numerics = Numerics.allCases[round % 3 % 2]
            let expected = try train(example, rule, decay: decay, serial(), order, numerics: numerics)
            for threads in 2...4 {
                let compute = try Compute(threads: threads)
                let found = try train(example, rule, decay: decay, compute, order, numerics: numerics)
                #expect(found.bits == expected.bits, "\(sizes), \(rows) rows, \(threads) threads, \(rule)")
                let isShared = 2 * rows * example.network.parameterCount >= 250_000
                #expect(found.fused == (isShared ? 2 : 0), "\(sizes), \(rows) rows, \(threads) threads")
                owned += found.owned
            }
        }
        #expect(owned > 0)
    }

    /// Every instruction set, with a layer that is owned on 2 and 4 threads.
    @Test(arguments: instructionSets) func instructionSetsAgreeOnOwnedPanels(set: InstructionSet) throws {
        var random = TestRandom(71)
        for (rows, decay) in [(3, 0.0), (9, 0.01), (20, 0)] {
            let example = try example([20, 256, 260, 5], rows: rows, &random)
            let order = permutation(of: rows, seed: 4, epoch: 1)
            for rule in Self.rules {
                let expected = try train(example, rule, decay: decay, serial(), order)
                for threads in [1, 2, 4] {
                    let compute = try Compute(threads: threads, instructionSet: set)
                    let found = try train(example, rule, decay: decay, compute, order)
                    #expect(found.bits == expected.bits, "\(rows) rows, \(threads) threads, \(rule)")
                    #expect(threads == 1 || found.owned > 0 && found.fused == 2)
                }
            }
        }
    }

    /// A large network is fused on one thread too.
    @Test func aLargeNetworkIsFusedOnOneThread() throws {
        var random = TestRandom(72)
        let example = try Case([700, 800, 3], [.relu, .softmax], .crossEntropy, count: 4, &random)
        let order = permutation(of: 4, seed: 4, epoch: 1)
        let alone = try train(example, Self.rules[2], decay: 0, serial(), order)
        let shared = try train(example, Self.rules[2], decay: 0, Compute(threads: 2), order)
        #expect(alone.fused == 2)
        #expect(alone.bits == shared.bits)
    }

    /// Numbers that are not finite, in inputs and targets, refuse the step before anything is updated.
    @Test(arguments: rules, 1...3) func aRefusedSharedStepLeavesTheStateUntouched(rule: Optimizer, threads: Int) throws
    {
        var random = TestRandom(73)
        let example = try Case([300, 260, 20, 3], [.relu, .tanh, .identity], .halfSquaredError, count: 8, &random)
        let compute = try Compute(threads: threads)
        for bad in [Float.nan, .infinity, -.infinity, 3e38] {
            for inInputs in [false, true] {
                let trainer = try example.trainer(compute, rule)
                _ = trainer.step(try example.samples(), rows: nil, range: 0..<8, optimizerStep: 1)
                #expect(trainer.fusedSteps == (threads == 1 ? 0 : 1))
                var (inputs, targets) = (example.inputs, example.targets)
                if inInputs { inputs[7 * 300 + 299] = bad } else { targets[7 * 3 + 1] = bad }
                let samples = try Samples(inputs: inputs, targets: targets, count: 8, inputWidth: 300, targetWidth: 3)
                let before = [trainer.parameters] + rule.slotNames.indices.map { trainer.slot($0) }
                let result = trainer.step(samples, rows: nil, range: 0..<8, optimizerStep: 2)
                let after = [trainer.parameters] + rule.slotNames.indices.map { trainer.slot($0) }
                // A large input saturates tanh and may pass; then the step must be the one that one thread makes.
                if result.isFinite {
                    let alone = try example.trainer(serial(), rule)
                    _ = alone.step(try example.samples(), rows: nil, range: 0..<8, optimizerStep: 1)
                    _ = alone.step(samples, rows: nil, range: 0..<8, optimizerStep: 2)
                    #expect(bits(alone.parameters) == bits(trainer.parameters), "\(bad)")
                } else {
                    #expect(before.map(bits) == after.map(bits), "\(bad)")
                }
                #expect(trainer.fusedSteps == (threads == 1 ? 0 : 1), "\(bad): the sums have no bound")
                #expect(inInputs || !result.isFinite)
            }
        }
    }

    /// A finite gradient that no bound shows to be finite takes the exact way, with the same bits.
    @Test func withoutABoundTheGradientIsCheckedBeforeTheUpdate() throws {
        var random = TestRandom(74)
        var example = try Case([260, 300, 2], [.relu, .identity], .halfSquaredError, count: 40, &random)
        var inputs = example.inputs
        // The row is zero but for this number, whose unit has no weight: its error is 0, and so is its gradient.
        inputs[0] = 1e38
        var parameters = example.parameters
        for j in 0..<300 { parameters[j * 260] = 0 }
        example = Case(example, inputs: inputs, parameters: parameters)
        for targets in [example.targets, example.targets.map { $0 * 1e3 }] {
            let one = try example.trainer(serial())
            let two = try example.trainer(Compute(threads: 2))
            let samples = try Samples(inputs: inputs, targets: targets, count: 40, inputWidth: 260, targetWidth: 2)
            let (first, second) = (
                one.step(samples, rows: nil, range: 0..<40, optimizerStep: 1),
                two.step(samples, rows: nil, range: 0..<40, optimizerStep: 1)
            )
            #expect(first == second)
            #expect(bits(one.parameters) == bits(two.parameters))
            #expect(two.fusedSteps == 0)
        }
    }

    @Test func theBoundIsTheOneStated() {
        let greatest = Greatest()
        defer { greatest.deallocate() }
        func bounds(_ a: Float, _ d: Float, _ x: Float, _ rows: Int) -> Bool {
            greatest.activation.pointee = a.bitPattern
            greatest.error.pointee = d.bitPattern
            return greatest.boundsGradient(rows: rows, greatestInput: x.bitPattern)
        }
        #expect(bounds(0x1p60, 0x1p60, 0, 63))
        #expect(!bounds(0x1p60, 0x1p60, 0, 64))
        #expect(!bounds(0, 0x1p60, 0x1p60, 64))
        #expect(!bounds(0, 0x1p120, 0, 64), "the sums of biases have no factor a")
        #expect(bounds(0, 0, .greatestFiniteMagnitude, 1 << 24))
        #expect(!bounds(0, 0, 0, 1 << 24 + 1))
        for bad in [Float.infinity, .nan] {
            #expect(!bounds(bad, 0, 0, 1))
            #expect(!bounds(0, bad, 0, 1))
            #expect(!bounds(0, 0, bad, 1))
        }
    }
}
