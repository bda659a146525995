import CBPKernels
import Testing

@testable import BPCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct StateTests {
    /// State that was read and set again trains on with the same bits: what a resume rests on.
    @Test(arguments: ReproducibilityTests.rules) func restoredStateTrainsOnWithTheSameBits(rule: Optimizer) throws {
        var random = TestRandom(40)
        let example = try Case([7, 19, 5], [.relu, .softmax], .crossEntropy, count: 24, &random)
        let samples = try example.samples()
        func steps(_ trainer: Backpropagation, _ range: ClosedRange<Int>) -> [Float] {
            range.map { trainer.step(samples, rows: nil, range: 0..<24, optimizerStep: $0).loss }
        }
        let whole = try example.trainer(serial(), rule)
        let first = try example.trainer(serial(), rule)
        let expected = steps(whole, 1...12)
        var found = steps(first, 1...5)

        let snapshot = try first.makeSnapshot()
        first.snapshot(into: snapshot)
        #expect(snapshot.canonicalParameters == first.parameters)
        _ = steps(first, 6...7)
        let second = try example.trainer(serial(), rule)
        try second.setParameters(snapshot.canonicalParameters)
        for index in rule.slotNames.indices { try second.setSlot(index, snapshot.canonicalSlot(index)) }
        found += steps(second, 6...12)

        #expect(bits(found) == bits(expected))
        #expect(bits(second.parameters) == bits(whole.parameters))
        for index in rule.slotNames.indices { #expect(bits(second.slot(index)) == bits(whole.slot(index))) }
    }

    /// Layer by layer W row-major [n_out × n_in], then b: shown on a network whose output tells each weight.
    @Test func theCanonicalOrderIsRowMajorByOutput() throws {
        let network = try Network(inputs: 3, layers: [(2, .identity)])
        let trainer = try Backpropagation(
            network: network, loss: .halfSquaredError, optimizer: .sgd(learningRate: 1), batchCapacity: 1,
            compute: serial())
        try trainer.setParameters([1, 2, 3, 4, 5, 6, 10, 20])
        #expect(try trainer.outputs(of: [1, 0, 0, 0, 1, 0, 0, 0, 1], count: 3) == [11, 24, 12, 25, 13, 26])
        #expect(trainer.parameters == [1, 2, 3, 4, 5, 6, 10, 20])
        #expect(network.weightRange(layer: 0) == 0..<6 && network.biasRange(layer: 0) == 6..<8)
    }

    /// Lanes past a layer's width stay 0 through every rule, or they would leak into sums.
    @Test(arguments: ReproducibilityTests.rules, [0, 0.1]) func padsStayZero(rule: Optimizer, decay: Double) throws {
        var random = TestRandom(41)
        let example = try Case([5, 18, 3], [.sigmoid, .sigmoid], .crossEntropy, count: 9, &random)
        let trainer = try example.trainer(serial(), rule, decay: decay)
        for t in 1...5 { _ = trainer.step(try example.samples(), rows: nil, range: 0..<9, optimizerStep: t) }
        for buffer in [trainer.workspace.parameters] + trainer.workspace.slots {
            let packed = Array(UnsafeBufferPointer(start: buffer.start, count: buffer.count))
            let again = try AlignedFloats(count: buffer.count)
            trainer.workspace.layout.pack(trainer.workspace.layout.unpack(buffer.start), into: again.start)
            #expect(bits(packed) == bits(Array(UnsafeBufferPointer(start: again.start, count: again.count))))
        }
    }

    @Test func powersBySquaring() {
        #expect(power(0.5, 0) == 1 && power(0.5, 10) == 0x1p-10 && power(0, 3) == 0 && power(3, 5) == 243)
        #expect(abs(power(0.999, 100_000) - 3.5385276883431e-44) < 1e-54)
    }

    /// A thread that rounds another way is refused; nothing in here suspends, so no other test sees it.
    @Test func anotherRoundingIsRefused() {
        #expect(bp_float_environment_is_exact())
        // FE_DOWNWARD, FE_UPWARD and FE_TOWARDZERO, whose names reach Swift twice; FE_TONEAREST is 0.
        #if arch(x86_64)
            let modes: [Int32] = [0x400, 0x800, 0xC00]
        #else
            let modes: [Int32] = [0x80_0000, 0x40_0000, 0xC0_0000]
        #endif
        for mode in modes {
            fesetround(mode)
            let isExact = bp_float_environment_is_exact()
            let refused: CoreError?
            do throws(CoreError) {
                _ = try Compute(threads: 1)
                refused = nil
            } catch {
                refused = error
            }
            fesetround(0)
            #expect(!isExact && refused == .floatEnvironment)
        }
    }

    @Test func theBestInstructionSetIsAvailable() {
        #expect(InstructionSet.best.isAvailable && InstructionSet.portable.isAvailable)
    }
}
