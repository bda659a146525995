import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Versions made by hand")
struct ManualVersionTests {
    @Test("of a point of a run, alive or not: it has no attempt, and becomes the current one")
    func point() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let made = try bench.version("1@iteration:23", model: "flowers")
        #expect(made.name == "flowers:1")
        #expect(made.attempt == nil)
        #expect([made.run, made.segment, made.iteration, made.epoch] == [1, 1, 23, 2])
        #expect(made.isCurrent)
        #expect(made.metricsJSON == #"{"loss":1}"#)
        let bytes = try bench.registry.floats(#require(made.weights))
        #expect(bytes.first == 2_300)
        let second = try bench.version("1@iteration:24")
        #expect(second.name == "iris:2")
        #expect(try bench.registry.versions(ofRun: 1).map(\.name) == ["iris:1", "flowers:1", "iris:2"])
        #expect(try bench.registry.versions(ofRun: 1).map(\.attempt) == [1, nil, nil])
        #expect(try bench.registry.versions(ofModel: "iris").map(\.isCurrent) == [true, false])
        #expect(
            try bench.registry.events(of: .version(model: "flowers", number: 1)).map(\.detailJSON) == [
                #"{"iteration":23,"run":1}"#
            ])
        #expect(try bench.registry.events(of: .model("flowers")).map(\.kind) == ["created", "current"])
        #expect(try bench.registry.models().map(\.runCount) == [0, 1])
        let live = try bench.createRun(model: "live")
        try live.commit(RunCommit(losses: losses(1, 5)))
        #expect(try bench.version("2@iteration:3", model: "live").name == "live:1")
        try live.close()
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("of another version: the same weights and the same origin")
    func copy() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let first = try bench.registry.version(ofModel: "iris", 1)
        let copy = try bench.registry.createVersion(
            NewManualVersion(model: "shop", origin: .version(first), metricsJSON: first.metricsJSON))
        #expect(copy.name == "shop:1")
        #expect(copy.tensors == first.tensors)
        #expect([copy.run, copy.segment, copy.iteration, copy.epoch] == [1, 1, 50, 5])
        #expect(copy.descriptionJSON == first.descriptionJSON)
        #expect(copy.uuid != first.uuid)
        let events = try bench.registry.events(of: .version(model: "shop", number: 1))
        #expect(events.map(\.detailJSON) == [#"{"from":"iris:1","iteration":50,"run":1}"#])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("weights too large for a transaction, and those that a pin or a keyframe has already")
    func large() throws {
        let bench = try Bench()
        try bench.interruptedRun(20)
        let count = 4_000_000
        let made = try bench.version("1@iteration:15", count: count)
        #expect(try bench.registry.floats(#require(made.weights)).count == count)
        #expect(try bench.registry.keyframes(ofRun: 1).count == 1)
        _ = try bench.pin("1@iteration:16", count: count)
        let pinned = try bench.version("1@iteration:16", count: count)
        #expect(try pinned.weights == bench.registry.keyframe(ofRun: 1, at: 16)?["parameters"])
        _ = try bench.registry.unpin(bench.point("1@iteration:16"))
        #expect(try bench.registry.floats(#require(pinned.weights)).count == count)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("of a point before a fork the parent's run is the origin")
    func fork() throws {
        let bench = try Bench()
        try bench.interruptedRun(50)
        let writer = try bench.fork("1@iteration:33")
        try writer.commit(RunCommit(losses: losses(34, 40)))
        try writer.close()
        #expect(
            try ["2@iteration:32", "2@iteration:33", "2@iteration:34"].map { try bench.version($0).run } == [1, 2, 2])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("what cannot be a version is refused, and leaves nothing, not even its model")
    func refused() throws {
        let bench = try Bench()
        try bench.finishedRun()
        func make(_ model: String, _ iteration: Int, _ weights: NewTensor) throws {
            let point = Point(run: 1, lineSegment: 1, iteration: iteration, epoch: 0)
            _ = try bench.registry.createVersion(
                NewManualVersion(
                    model: model, origin: .point(point, weights: weights, descriptionJSON: "{}"), metricsJSON: "{}"))
        }
        #expect(
            bench.failure { try make("1st", 5, weights(5)) }
                == .badName(name: "1st", reason: "it must start with a letter or _"))
        #expect(
            bench.failure { try make("new", 50, weights(49)) }
                == .conflict(
                    place: "run 1, segment 1", what: "the keyframe at iteration 50 is recorded with other weights"))
        #expect(
            bench.failure { try make("new", 5, NewTensor("w", floats: [1])) }
                == .conflict(place: "the new version", what: "its tensor is named w, not parameters"))
        guard case .notFound? = bench.failure({ try make("new", 51, weights(51)) }) else {
            Issue.record("a point that is not there was not refused")
            return
        }
        let other = try Bench()
        try other.finishedRun(model: "elsewhere")
        let foreign = try other.registry.version(ofModel: "elsewhere", 1)
        guard
            case .notFound? = bench.failure({
                _ = try bench.registry.createVersion(
                    NewManualVersion(model: "new", origin: .version(foreign), metricsJSON: "{}"))
            })
        else {
            Issue.record("a version that is not there was not refused")
            return
        }
        #expect(try bench.registry.models().map(\.name) == ["iris"])
        #expect(try bench.registry.verify().findings == [])
    }
}
