import BPJSON
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Pins")
struct PinTests {
    @Test("a pin keeps a full keyframe of its own until it is unpinned; both are told as events")
    func life() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let keyframes = try bench.registry.keyframes(ofRun: 1)
        let pin = try bench.pin("1@iteration:23", name: "before the jump")
        #expect([pin.run, pin.segment, pin.iteration] == [1, 1, 23])
        #expect(pin.name == "before the jump")
        let unnamed = try bench.pin("1@best")
        #expect(unnamed.name == nil)
        #expect(try bench.registry.pins(ofRun: 1) == [pin, unnamed])
        let kept = try #require(try bench.registry.keyframe(ofRun: 1, at: 23))
        #expect([try kept.attempt(in: bench.registry), kept.epoch, kept.optimizerStep] == [1, 2, 23])
        #expect(kept.role == .pinned)
        #expect(try bench.registry.newestFullKeyframeState(ofRun: 1, atOrBefore: 24)?.keyframe == kept)
        #expect(try bench.registry.verify().findings == [])
        let event = try bench.lastEvent(.run(1))
        #expect(event.kind == "pinned")
        #expect(event.detailJSON == #"{"iteration":50,"name":null,"segment":1}"#)
        #expect(try bench.registry.unpin(bench.point("1@iteration:23")) == pin)
        #expect(try bench.registry.unpin(bench.point("1@best")) == unnamed)
        #expect(try bench.lastEvent(.run(1)).kind == "unpinned")
        #expect(try bench.registry.pins(ofRun: 1) == [])
        #expect(try bench.registry.keyframes(ofRun: 1) == keyframes)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("a live run is pinned; thinning and a better epoch leave the pinned keyframe")
    func live() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 10), epochs: [makeEpoch(1)]))
        let best = try writer.stage(bestKeyframe(10), tensors: [weights(10)])
        let spaced = try writer.stage(fullKeyframe(10), tensors: fullTensors(10))
        try writer.commit(RunCommit(keyframes: [best, spaced]))
        let pinned = try bench.pin("1@iteration:10")
        let id = try #require(try bench.registry.keyframes(ofRun: 1).last).id
        let better = try writer.stage(bestKeyframe(20), tensors: [weights(20)])
        try writer.commit(
            RunCommit(
                losses: losses(11, 20), epochs: [makeEpoch(2)], keyframes: [better],
                deletedKeyframes: [spaced.id, id]))
        #expect(try bench.registry.keyframes(ofRun: 1).map(\.role) == [.pinned, .best])
        #expect(try bench.registry.keyframeState(ofRun: 1, at: 10)?["velocity"] != nil)
        #expect(try bench.registry.pins(ofRun: 1) == [pinned])
        try writer.close()
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("what is too large for a transaction is written in several; a takeover between them is told")
    func large() throws {
        let bench = try Bench()
        let count = 2_200_000
        try bench.interruptedRun(20, count: count)
        let pin = try bench.pin("1@iteration:15", count: count)
        #expect(try bench.registry.keyframeState(ofRun: 1, at: 15)?["parameters"]?.count == count)
        #expect(try bench.registry.pins(ofRun: 1) == [pin])
        #expect(try bench.registry.verify().findings == [])
        // What a killed process leaves is replaced by the next.
        let point = try bench.point("1@iteration:16")
        struct Killed: Error {}
        let tensors = HashedTensors(fullTensors(16, count: count))
        #expect(tensors.groups.count == 3)
        var calls = 0
        func keep(_ killedAt: Int) throws {
            calls = 0
            _ = try bench.registry.keep(.full, tensors, of: point, optimizerStep: 16, check: { _, _ in }) {
                _, _, _, _ in
                calls += 1
                throw Killed()
            }
        }
        #expect(throws: RegistryError.self) { try keep(2) }
        #expect(calls == 1)
        #expect(try bench.registry.reading { try $0.rows(.keyframe, "WHERE state = 'pending'").count } == 1)
        #expect(try bench.registry.verify().findings == [])
        _ = try bench.pin("1@iteration:16", count: count)
        #expect(try bench.registry.reading { try $0.rows(.keyframe, "WHERE state = 'pending'").count } == 0)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("pins of a fork's line lie where the point was recorded")
    func fork() throws {
        let bench = try Bench()
        try bench.interruptedRun(50)
        let writer = try bench.fork("1@iteration:33")
        try writer.commit(RunCommit(losses: losses(34, 40)))
        try writer.close()
        let pins = try ["2@iteration:20", "2@iteration:33", "2@iteration:34", "2@iteration:0"].map { try bench.pin($0) }
        #expect(pins.map(\.run) == [1, 2, 2, 1])
        #expect(try bench.registry.pins(ofRun: 2) == [pins[1], pins[2]])
        #expect(try bench.registry.keyframe(ofRun: 2, at: 20)?.role == .pinned)
        #expect(try bench.registry.verify().findings == [])
        _ = try bench.rollBack("1@iteration:10")
        #expect(try bench.registry.keyframe(ofRun: 2, at: 20)?.role == .pinned)
        #expect(try bench.registry.keyframe(ofRun: 1, at: 20) == nil)
        #expect(try bench.registry.unpin(bench.point("1.1@iteration:20")) == pins[0])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("what cannot be pinned or unpinned is refused, and changes nothing")
    func refused() throws {
        let bench = try Bench()
        try bench.finishedRun()
        #expect(
            bench.failure { _ = try bench.registry.unpin(bench.point("1@last")) }
                == .notFound(
                    reference: "1@iteration:50", what: "it is not pinned", exists: "run 1 has no pin", near: []))
        _ = try bench.pin("1@iteration:5", name: "five")
        #expect(
            bench.failure { _ = try bench.pin("1@iteration:5") }
                == .conflict(place: "run 1", what: "iteration 5 is pinned already as five"))
        #expect(
            bench.failure { _ = try bench.registry.unpin(bench.point("1@last")) }
                == .notFound(
                    reference: "1@iteration:50", what: "it is not pinned", exists: "its pins are 1.1@iteration:5",
                    near: []))
        let other = NewPin(point: try bench.point("1@last"), optimizerStep: 50, tensors: fullTensors(49))
        #expect(
            bench.failure { _ = try bench.registry.pin(other) }
                == .conflict(
                    place: "run 1, segment 1", what: "the keyframe at iteration 50 is recorded with other weights"))
        let beyond = Point(run: 1, lineSegment: 1, iteration: 51, epoch: 5)
        for body in [
            { _ = try bench.registry.pin(NewPin(point: beyond, optimizerStep: 51, tensors: fullTensors(51))) },
            { _ = try bench.registry.unpin(beyond) }, { _ = try bench.registry.pins(ofRun: 2) },
        ] {
            guard case .notFound? = bench.failure(body) else {
                Issue.record("not refused")
                continue
            }
        }
        #expect(try bench.registry.pins(ofRun: 1).count == 1)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("verify tells of a pin without its keyframe, and of a pinned keyframe without its pin")
    func verify() throws {
        let bench = try Bench()
        try bench.finishedRun()
        _ = try bench.pin("1@iteration:5")
        let id = try #require(try bench.registry.keyframe(ofRun: 1, at: 5)).id
        try bench.registry.writing { store in
            var row = try store.need(.keyframe, [.int(id)])
            row["role"] = .text("spaced")
            try store.update(row)
        }
        #expect(
            try bench.registry.verify().findings.map(\.description) == [
                "pin run=1, segment=1, iteration=5: its keyframe is missing"
            ])
        try bench.registry.writing { store in
            var row = try store.need(.keyframe, [.int(id)])
            row["role"] = .text("pinned")
            try store.update(row)
            try store.delete(try store.rows(.pin)[0])
            try store.registry.update { $0.pins -= 1 }
        }
        #expect(
            try bench.registry.verify().findings.map(\.description) == [
                "keyframe id=\(id): it is pinned, but there is no pin"
            ])
    }
}

extension KeyframeRecord {
    /// The attempt that its row names.
    fileprivate func attempt(in registry: Registry) throws -> Int {
        try registry.reading { try $0.need(.keyframe, [.int(id)]).int("attempt") }
    }
}
