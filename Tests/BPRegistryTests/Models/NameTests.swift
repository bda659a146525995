import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Aliases and current versions")
struct NameTests {
    private func models() throws -> Bench {
        let bench = try Bench()
        for _ in 1...3 { try bench.finishedRun() }
        return bench
    }

    @Test("an alias is set, moved and removed by people alone, and each move is an event")
    func alias() throws {
        let bench = try models()
        let registry = bench.registry
        var moves = [try registry.setAlias("production", to: 1, ofModel: "iris")]
        moves.append(try registry.setAlias("production", to: 3, ofModel: "iris"))
        moves.append(try registry.setAlias("production", to: 3, ofModel: "iris"))
        #expect(moves.map(\.from) == [nil, 1, 3])
        _ = try registry.setAlias("canary", to: 2, ofModel: "iris")
        try bench.finishedRun()
        #expect(try registry.aliases(ofModel: "iris").map(\.name) == ["canary", "production"])
        #expect(try registry.aliases().map(\.version) == [2, 3])
        guard case .version(let version) = try registry.resolve(Reference("iris@production")) else { return }
        #expect(version.number == 3)
        #expect(try registry.removeAlias("canary", ofModel: "iris").from == 2)
        #expect(try registry.aliases().map(\.name) == ["production"])
        let events = try registry.events(of: .model("iris")).filter { $0.kind == "alias" }
        #expect(
            events.map(\.detailJSON) == [
                #"{"alias":"production","from":null,"to":1}"#, #"{"alias":"production","from":1,"to":3}"#,
                #"{"alias":"canary","from":null,"to":2}"#, #"{"alias":"canary","from":2,"to":null}"#,
            ])
        #expect(try registry.verify().findings == [])
    }

    @Test("an alias that cannot be is refused")
    func noAlias() throws {
        let bench = try models()
        let registry = bench.registry
        #expect(
            bench.failure { _ = try registry.setAlias("best", to: 1, ofModel: "iris") }
                == .badName(name: "best", reason: "it means a point of a run"))
        #expect(
            bench.failure { _ = try registry.removeAlias("prod", ofModel: "iris") }
                == .notFound(
                    reference: "iris@prod", what: "no such alias", exists: "iris has no alias", near: []))
        _ = try registry.setAlias("pro", to: 1, ofModel: "iris")
        #expect(
            bench.failure { _ = try registry.removeAlias("prod", ofModel: "iris") }
                == .notFound(
                    reference: "iris@prod", what: "no such alias", exists: "iris has iris@pro", near: ["iris@pro"]))
        for body in [
            { _ = try registry.setAlias("x", to: 9, ofModel: "iris") },
            { _ = try registry.setAlias("x", to: 1, ofModel: "rose") },
            { _ = try registry.removeAlias("x", ofModel: "rose") }, { _ = try registry.aliases(ofModel: "rose") },
        ] {
            guard case .notFound? = bench.failure(body) else {
                Issue.record("not refused")
                continue
            }
        }
        #expect(try registry.aliases().count == 1)
        #expect(try registry.verify().findings == [])
    }

    @Test("the current version is moved, and moved back, as a stack")
    func current() throws {
        let bench = try models()
        let registry = bench.registry
        #expect(try registry.setCurrent(1, ofModel: "iris") == CurrentMove(model: "iris", from: 3, to: 1))
        _ = try registry.setCurrent(2, ofModel: "iris")
        #expect(try registry.undoSetCurrent(ofModel: "iris") == CurrentMove(model: "iris", from: 2, to: 1))
        #expect(try registry.undoSetCurrent(ofModel: "iris").to == 3)
        #expect(
            bench.failure { _ = try registry.undoSetCurrent(ofModel: "iris") }
                == .notFound(
                    reference: "iris", what: "no rollback to undo", exists: "each rollback of it is undone", near: []))
        let events = try registry.events(of: .model("iris"))
        #expect(events.suffix(4).map(\.kind) == ["rolled-back", "rolled-back", "rollback-undone", "rollback-undone"])
        #expect(
            events.suffix(2).map(\.detailJSON) == [
                #"{"event":\#(events[events.count - 3].id),"from":2,"to":1}"#,
                #"{"event":\#(events[events.count - 4].id),"from":1,"to":3}"#,
            ])
        #expect(try registry.verify().findings == [])
    }

    @Test("no move where none is needed or another version has become current")
    func noMove() throws {
        let bench = try models()
        let registry = bench.registry
        #expect(
            bench.failure { _ = try registry.setCurrent(3, ofModel: "iris") }
                == .conflict(place: "model iris", what: "iris:3 is current already"))
        guard case .notFound? = bench.failure({ _ = try registry.setCurrent(4, ofModel: "iris") }) else {
            Issue.record("a version that is not there was not refused")
            return
        }
        #expect(
            bench.failure { _ = try registry.undoSetCurrent(ofModel: "iris") }
                == .notFound(
                    reference: "iris", what: "no rollback to undo", exists: "it was never rolled back", near: []))
        _ = try registry.setCurrent(1, ofModel: "iris")
        try bench.finishedRun()
        #expect(
            bench.failure { _ = try registry.undoSetCurrent(ofModel: "iris") }
                == .conflict(
                    place: "model iris", what: "iris:4 is current, not iris:1, to which it was rolled back"))
        #expect(try registry.models().map(\.currentVersion) == [4])
    }
}
