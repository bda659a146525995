import BPCore
import BPData
import BPRegistry
import Foundation
import TestSupport
import Testing

@testable import BPTraining

/// Any iteration can be had again, bit for bit.
@Suite struct RestoreTests {
    /// The long form is 100,000 iterations and 1,000 points, in release:
    /// `BPREG_RESTORE=100000,1000 swift test -c release -Xswiftc -enable-testing --filter RestoreTests`.
    private static let extent: (iterations: Int, points: Int) = {
        let words = ProcessInfo.processInfo.environment["BPREG_RESTORE"]?.split(separator: ",").compactMap { Int($0) }
        guard let words, words.count == 2 else { return (2_000, 8) }
        return (words[0], words[1])
    }()

    @Test("Random points of a run are restored as a run that stopped there has them")
    func points() throws {
        let seed = testSeed()
        var random = SplitMix64(seed)
        // 64 inputs, 32 sigmoid units, 10 classes, batches of 32 of 1,797 rows: the shape of the digits.
        var options = TrainingOptions()
        (options.target, options.hidden, options.activation) = ("class", [32], .sigmoid)
        (options.outputActivation, options.loss) = (.sigmoid, .halfSquaredError)
        (options.optimizer, options.learningRate) = (.sgd, 0.5)
        (options.validation, options.test) = (0, 0)
        let plan = try TrainingPlan(RestoreTests.images(&random), options: options)
        let length = plan.spec.iterationsPerEpoch(trainingRows: 1_797)
        let epochs = (RestoreTests.extent.iterations + length - 1) / length
        var wanted: Set<Int> = [0, 1, epochs * length]
        while wanted.count < RestoreTests.extent.points { wanted.insert(Int(random.next() % UInt64(epochs * length))) }

        let loop = try plan.makeLoop(Attempt.compute(threads: 1))
        var listener = HashListener(wanted: wanted, loop)
        _ = try loop.run(until: epochs, listener: &listener)

        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let began = ContinuousClock.now
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(epochs)).train()
            let trained = (ContinuousClock.now - began).seconds
            var times: [Double] = []
            for iteration in wanted.shuffled(using: &random) {
                let began = ContinuousClock.now
                let loaded = try LoadedModel(Reference("1@iteration:\(iteration)"), in: registry, threads: 1)
                times.append((ContinuousClock.now - began).seconds)
                #expect(loaded.weightsSHA256 == listener.hashes[iteration], "iteration \(iteration), seed \(seed)")
            }
            times.sort()
            let auditBegan = ContinuousClock.now
            let audit = try Audit(run: 1, in: registry).run()
            let audited = (ContinuousClock.now - auditBegan).seconds
            #expect(audit.isReproduced)
            print(
                "\(times.count) points of \(epochs * length) iterations, seed \(seed): median",
                times[times.count / 2], "s, worst", times[times.count - 1], "s; trained in", trained, "s, audited in",
                audited, "s with", audit.stretches, "stretches")
        }
    }

    private static func images(_ random: inout SplitMix64) throws -> Table {
        func pixel() -> Double { Double(random.next() % 17) }
        var columns: [Column] = []
        for index in 0..<64 {
            columns.append(Column(name: "p\(index)", values: .f64((0..<1_797).map { _ in pixel() })))
        }
        columns.append(Column(name: "class", values: .f64((0..<1_797).map { Double($0 % 10) })))
        return try Table(name: "images", columns: columns)
    }
}

/// Notes the hash of the weights at some iterations of a straight training.
private struct HashListener: TrainingListener {
    let wanted: Set<Int>
    private let span = LossSpan(capacity: 1)
    var hashes: [Int: SHA256Digest] = [:]

    init(wanted: Set<Int>, _ loop: TrainingLoop) {
        self.wanted = wanted
        note(loop)
    }

    func room(_ most: Int, in loop: TrainingLoop) -> UnsafeMutableBufferPointer<Float> { span.room(most) }
    func iterations(from first: Int, losses: UnsafeBufferPointer<Float>) -> Bool { false }
    func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) {}
    mutating func pause(_ loop: TrainingLoop) -> Bool {
        note(loop)
        return false
    }

    private mutating func note(_ loop: TrainingLoop) {
        if wanted.contains(loop.state.iteration) {
            hashes[loop.state.iteration] = weightsHash(loop.trainer.parameters)
        }
    }
}
