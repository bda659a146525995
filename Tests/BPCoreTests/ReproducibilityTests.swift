import Testing

@testable import BPCore

/// The same bits whatever computes them.
@Suite struct ReproducibilityTests {
    static let rules: [Optimizer] = [
        .sgd(learningRate: 0.02), .momentum(learningRate: 0.01, momentum: 0.9), .adam(learningRate: 0.01),
        .adamw(learningRate: 0.01),
    ]

    /// Parameters, slots and losses after some steps over shuffled batches, the last of them short.
    func train(
        _ example: Case, _ rule: Optimizer, decay: Double = 0, _ compute: Compute, batch: Int, capacity: Int
    ) throws -> [UInt32] {
        let trainer = try Backpropagation(
            network: example.network, loss: example.loss, optimizer: rule, weightDecay: decay,
            batchCapacity: capacity, compute: compute)
        try trainer.setParameters(example.parameters)
        let samples = try example.samples()
        var found: [Float] = []
        var t = 0
        for epoch in 1...2 {
            let order = permutation(of: example.count, seed: 5, epoch: epoch)
            order.withUnsafeBufferPointer { rows in
                for first in stride(from: 0, to: example.count, by: batch) {
                    t += 1
                    let result = trainer.step(
                        samples, rows: rows, range: first..<min(first + batch, example.count), optimizerStep: t)
                    found += [result.loss, result.isFinite ? 1 : 0]
                }
            }
        }
        found += trainer.parameters
        for index in rule.slotNames.indices { found += trainer.slot(index) }
        let (loss, outputs) = trainer.evaluate(samples)
        return bits(found + [loss] + outputs)
    }

    /// Random shapes on every instruction set and on 1 to 4 threads, each rule without weight decay and with it.
    @Test func instructionSetsAndThreadsChangeNoBit() throws {
        var random = TestRandom(20)
        let computes = try instructionSets.flatMap { set in
            try (1...4).map { try Compute(threads: $0, instructionSet: set) }
        }
        for round in 0..<2 * Self.rules.count {
            let layers = Int.random(in: 1...3, using: &random)
            let sizes = (0...layers + 1).map { _ in Int.random(in: 2...36, using: &random) }
            let output = Activation.allCases.randomElement(using: &random)!
            let loss: Loss = Loss.crossEntropy.accepts(output: output) ? .crossEntropy : .halfSquaredError
            let activations = (0..<layers).map { _ in GradientTests.hidden.randomElement(using: &random)! } + [output]
            let example = try Case(sizes, activations, loss, count: Int.random(in: 1...40, using: &random), &random)
            let batch = Int.random(in: 1...example.count, using: &random)
            let rule = Self.rules[round % Self.rules.count]
            let decay = round < Self.rules.count ? 0 : 0.05
            let expected = try train(example, rule, decay: decay, computes[0], batch: batch, capacity: batch)
            for compute in computes.dropFirst() {
                let found = try train(
                    example, rule, decay: decay, compute, batch: batch, capacity: batch + round)
                #expect(
                    found == expected,
                    "\(sizes) \(activations) batch \(batch), \(compute.instructionSet) on \(compute.threads) threads")
            }
        }
    }

    /// One shape that is large enough for every pass to be shared among threads.
    @Test(arguments: Self.rules, [0, 0.01]) func aSharedStepChangesNoBit(rule: Optimizer, decay: Double) throws {
        var random = TestRandom(21)
        let fastest = InstructionSet.best
        let example = try Case([300, 260, 40, 10], [.relu, .tanh, .softmax], .crossEntropy, count: 150, &random)
        let expected = try train(example, rule, decay: decay, serial(fastest), batch: 64, capacity: 64)
        for threads in 2...4 {
            let compute = try Compute(threads: threads, instructionSet: fastest)
            let found = try train(example, rule, decay: decay, compute, batch: 64, capacity: 64)
            #expect(found == expected, "\(threads) threads")
        }
    }

    /// Two trainers on two threads share one pool.
    @Test func aPoolInUseElsewhereChangesNoBit() async throws {
        var random = TestRandom(22)
        let example = try Case([300, 260, 10], [.tanh, .softmax], .crossEntropy, count: 128, &random)
        let expected = try train(example, Self.rules[2], serial(), batch: 64, capacity: 64)
        let compute = try Compute(threads: 3)
        try await withThrowingTaskGroup(of: [UInt32].self) { group in
            for _ in 0..<4 {
                group.addTask { try self.train(example, Self.rules[2], compute, batch: 64, capacity: 64) }
            }
            for try await found in group { #expect(found == expected) }
        }
    }

    /// Rows that lie together are used in place, others gathered: the batch is the same.
    @Test func gatheredRowsGiveTheBitsOfRowsInPlace() throws {
        var random = TestRandom(23)
        let example = try Case([5, 6, 3], [.sigmoid, .identity], .halfSquaredError, count: 8, &random)
        let swapped = (0..<8).reversed().flatMap { example.inputs[$0 * 5..<$0 * 5 + 5] }
        let swappedTargets = (0..<8).reversed().flatMap { example.targets[$0 * 3..<$0 * 3 + 3] }
        let mirrored = try Samples(inputs: swapped, targets: swappedTargets, count: 8, inputWidth: 5, targetWidth: 3)
        let (first, second) = (try example.trainer(serial()), try example.trainer(serial()))
        let backward = (0..<8).reversed().map { Int32($0) }
        let one = backward.withUnsafeBufferPointer {
            first.step(try! example.samples(), rows: $0, range: 2..<7, optimizerStep: 1)
        }
        let two = second.step(mirrored, rows: nil, range: 2..<7, optimizerStep: 1)
        #expect(one == two)
        #expect(bits(first.parameters) == bits(second.parameters))
    }

    /// A row's output does not depend on who is beside it.
    @Test(arguments: instructionSets) func aRowIsTheSameAloneAndInAnyBatch(set: InstructionSet) throws {
        var random = TestRandom(24)
        let example = try Case([30, 37, 12], [.tanh, .softmax], .crossEntropy, count: 300, &random)
        let trainer = try example.trainer(serial(set))
        let all = trainer.outputs(of: try example.samples())
        #expect(bits(all) == bits(try trainer.outputs(of: example.inputs, count: 300)))
        for _ in 0..<20 {
            let first = Int.random(in: 0..<300, using: &random)
            let count = Int.random(in: 1...min(40, 300 - first), using: &random)
            let some = try trainer.outputs(of: Array(example.inputs[first * 30..<(first + count) * 30]), count: count)
            #expect(bits(some) == bits(Array(all[first * 12..<(first + count) * 12])), "\(first), \(count)")
        }
        #expect(try trainer.outputs(of: [], count: 0) == [])
    }

    /// Evaluation and training compute one loss.
    @Test func theEvaluatedLossIsThatOfTheStep() throws {
        var random = TestRandom(25)
        for (output, loss) in GradientTests.outputs {
            let example = try Case([4, 9, 18], [.tanh, output], loss, count: 33, &random)
            let trainer = try example.trainer(serial())
            let samples = try example.samples()
            let evaluated = trainer.evaluate(samples).loss
            #expect(trainer.step(samples, rows: nil, range: 0..<33, optimizerStep: 1).loss == evaluated)
        }
    }
}
