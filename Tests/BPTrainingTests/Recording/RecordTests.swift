import BPCore
import BPData
import BPRegistry
import Dispatch
import TestSupport
import Testing

@testable import BPTraining

/// The parts of recording: ring, keyframe policy, replay's comparison.
@Suite struct RecordTests {
    @Test("The ring gives what was written into it, across threads, in order")
    func ring() {
        let ring = LossRing(capacity: 64)
        let count = 200_000
        let done = DispatchSemaphore(value: 0)
        DispatchQueue(label: "writer").async {
            var value = 0
            while value < count {
                let room = ring.room(min(1 + value % 23, count - value))
                for index in room.indices { room[index] = Float(value + index) }
                _ = ring.push(room.count)
                value += room.count
            }
            done.signal()
        }
        var next = 0
        while next < count {
            for value in ring.take(upTo: min(ring.pushed, ring.position + 17)) {
                #expect(value == Float(next))
                next += 1
            }
        }
        done.wait()
        #expect(ring.position == count)
    }

    @Test("A full ring has no room until something is taken, and room ends where the ring does")
    func fullRing() {
        let ring = LossRing(capacity: 8)
        func push(_ values: [Float]) -> Bool {
            let room = ring.room(values.count)
            #expect(room.count == values.count)
            for (index, value) in values.enumerated() { room[index] = value }
            return ring.push(values.count)
        }
        #expect(push([0, 1, 2]), "worth taking from now on")
        #expect(!push([3]))
        #expect(!push([4, 5]))
        #expect(ring.room(9).count == 2)
        #expect(!push([6, 7]))
        #expect(ring.room(1).isEmpty)
        #expect(ring.take(upTo: 3) == [0, 1, 2])
        #expect(ring.room(9).count == 3)
        #expect(!push([8]))
        #expect(ring.take(upTo: ring.pushed) == [3, 4, 5, 6, 7, 8])
        #expect(ring.room(9).count == 7, "up to the end of the memory")
        #expect(push([9]), "again, since everything was taken")
    }

    @Test("Keyframes are due after the least time, and after fifty times what the last one cost")
    func due() {
        let policy = KeyframePolicy(AttemptOptions())
        #expect(!policy.isDue(seconds: 0.9, cost: 0))
        #expect(policy.isDue(seconds: 1, cost: 0.01))
        #expect(!policy.isDue(seconds: 4, cost: 0.1))
        #expect(policy.isDue(seconds: 5, cost: 0.1))
    }

    @Test("What is given up leaves gaps that grow with the distance from the newest")
    func thinning() {
        var options = AttemptOptions()
        options.keyframeBudget = 1000
        let policy = KeyframePolicy(options)
        var kept: [KeyframePolicy.Spaced] = []
        for number in 1...400 {
            kept.append(.init(id: number, iteration: number * 100, bytes: 100))
            let surplus = policy.surplus(kept)
            kept.removeAll { surplus.contains($0.id) }
            #expect(kept.count <= 10)
            #expect(kept.last?.id == number)
        }
        let distances = kept.map { 40_000 - $0.iteration }
        #expect(distances.max() ?? 0 > 10_000, "the far past is still covered: \(distances)")
        #expect(distances.filter { $0 < 2_000 }.count >= 3, "the near past is dense: \(distances)")
    }

    @Test("A recomputed loss that differs ends the replay and names iteration, recorded and recomputed")
    func difference() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(2)).train()
            let target = ReplayListener.Target(iteration: 16, epochs: 2, grid: EpochGrid(length: 8))
            var listener = ReplayListener(registry: registry, run: 1, segment: nil, target: target, best: nil)
            let recorded = try registry.losses(ofRun: 1)
            let halts = try recorded[..<3].withUnsafeBufferPointer { try listener.iterations(from: 1, losses: $0) }
            #expect(!halts)
            do {
                let losses = [recorded[3], recorded[4].nextUp, recorded[5].nextUp]
                _ = try losses.withUnsafeBufferPointer { try listener.iterations(from: 4, losses: $0) }
                Issue.record("it differs in the last bit")
            } catch TrainingError.notReproducible(1, 5, let stored, let computed) {
                #expect(stored == recorded[4])
                #expect(computed == recorded[4].nextUp)
            }
        }
    }

    @Test("The best state is the earliest of the lowest, and never a NaN")
    func best() {
        var state = LoopState()
        let losses: [Float] = [.nan, 0.5, 0.5, .nan, 0.4]
        let epochs = losses.enumerated().map {
            EpochRecord(epoch: $0 + 1, iteration: 8 * ($0 + 1), loss: 1, validationLoss: $1, seconds: 0)
        }
        let isBest = epochs.map { state.end($0) }
        #expect(isBest == [false, true, false, false, true])
        #expect(state.best == epochs[4])
        #expect(state.epochs == 5)
    }
}
