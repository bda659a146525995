import BPCore
import BPData
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

/// How many iterations pass in one call, and that it is for the listener to say.
@Suite struct RoomTests {
    private static func options(batch: Int) -> TrainingOptions {
        Fixture.options { $0.batchSize = .rows(batch) }
    }

    @Test("Recorded, replayed and unrecorded trainings take one call for many iterations", arguments: [1, 8])
    func smallNetworks(batch: Int) throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Self.options(batch: batch))
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(3))
            let outcome = try session.train()
            let rows = session.loop.data.training.samples.count
            #expect(session.loop.trainer.smallIterations == 3 * (rows / batch))
            #expect(outcome.iterations == 3 * ((rows + batch - 1) / batch))

            let recorded = try RecordedRun(registry, run: 1)
            let (loop, replayed, isSound) = try recorded.replay(to: outcome.iterations, segment: 1, threads: 1)
            #expect(isSound)
            #expect(replayed <= outcome.iterations)
            #expect(loop.state.iteration == outcome.iterations)
            let audit = try Audit(run: 1, in: registry).run(threads: 1)
            #expect(audit.difference == nil)
            #expect(audit.iterations == outcome.iterations)
        }
    }

    @Test("No call passes the listener's room or the end of an epoch, and none changes a loss")
    func rooms() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Self.options(batch: 4))
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(6)).train()
            let recorded = try registry.losses(ofRun: 1)
            for capacity in [1, 2, 5, 1_000] {
                let loop = try plan.makeLoop(Compute(threads: 1))
                var listener = RoomListener(capacity: capacity)
                #expect(try loop.run(until: 6, listener: &listener) == .epochLimit)
                #expect(listener.losses == recorded)
                let length = loop.grid.length
                let expected = Array(
                    repeating: stride(from: 0, to: length, by: capacity).map { min(capacity, length - $0) }, count: 6)
                #expect(listener.counts == expected.flatMap { $0 })
            }
        }
    }

    @Test("A look is due after the room that was given, and the room grows while time is short")
    func pace() {
        var pace = Pace()
        #expect(pace.room == 1)
        for expected in [2, 4, 8] {
            pace.pass(pace.room)
            let isDue = pace.isDue()
            #expect(isDue)
            #expect(pace.room == expected)
            pace.pass(1)
            let isDueAgain = pace.isDue()
            #expect(!isDueAgain)
            #expect(pace.room == expected - 1)
        }
    }
}

/// Gives the same room again and again, and notes what passed.
private struct RoomListener: TrainingListener {
    var losses: [Float] = []
    var counts: [Int] = []
    private let span: LossSpan
    private let capacity: Int

    init(capacity: Int) { (span, self.capacity) = (LossSpan(capacity: capacity), capacity) }

    func room(_ most: Int, in loop: TrainingLoop) -> UnsafeMutableBufferPointer<Float> {
        span.room(min(most, capacity))
    }

    mutating func iterations(from first: Int, losses: UnsafeBufferPointer<Float>) -> Bool {
        #expect(first == self.losses.count + 1)
        self.losses += losses
        counts.append(losses.count)
        return false
    }

    func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) {}
    func pause(_ loop: TrainingLoop) -> Bool { false }
}
