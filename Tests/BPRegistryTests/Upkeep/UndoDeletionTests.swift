import BPJSON
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Undoing deletions")
struct UndoDeletionTests {
    /// A run with a fork, versions, a pin, an alias, tags, notes and a rollback, and another model.
    private func rich() throws -> Bench {
        let bench = try Bench()
        let registry = bench.registry
        try bench.finishedRun()
        let fork = try bench.fork("1@epoch:3", model: "other")
        try fork.commit(RunCommit(losses: losses(31, 44), epochs: [makeEpoch(4)]))
        try fork.close()
        _ = try bench.pin("1@iteration:7", name: "seven")
        _ = try bench.version("1@iteration:13", model: "hand")
        _ = try bench.version("2@last")
        _ = try registry.setAlias("production", to: 1, ofModel: "iris")
        _ = try registry.setTag("kind", to: "demo", of: .run(1))
        _ = try registry.addNote("a note", to: .run(1))
        _ = try registry.setTag("reviewed", to: "yes", of: .version(model: "iris", number: 1))
        _ = try registry.addNote("of a version", to: .version(model: "iris", number: 1))
        try bench.interruptedRun(9_000)
        _ = try bench.rollBack("3@iteration:4500")
        try bench.goOn(3, by: 20)
        return bench
    }

    private static let subjects: [Subject] = [
        .run(1), .run(2), .run(3), .model("iris"), .model("hand"), .model("other"), .version(model: "iris", number: 1),
        .version(model: "iris", number: 2), .version(model: "hand", number: 1),
    ]

    @Test("brings every row back as it was, with its seal", arguments: subjects)
    func exact(_ subject: Subject) throws {
        let bench = try rich()
        let registry = bench.registry
        let before = try rowDump(registry)
        let deleted = try registry.delete(subject, cascade: true)
        #expect(try registry.verify().findings == [])
        #expect(try registry.deletions().map(\.subject) == [subject])
        #expect(try registry.deletions().first?.deletion.runs == deleted.runs)
        #expect(try registry.deletions().first?.deletion.aliases == deleted.aliases)
        let undone = try registry.undoDeletion(of: subject)
        #expect(undone.runs == deleted.runs && undone.versions == deleted.versions)
        #expect(differences(before, try rowDump(registry)) == [])
        #expect(try registry.verify().findings == [])
        #expect(try registry.deletions().isEmpty)
        // What was deleted and is there again can be worked with.
        if case .run(3) = subject {
            _ = try registry.undoRollback(ofRun: 3)
            try bench.goOn(3, by: 5)
        }
        #expect(try registry.verify().findings == [])
        #expect(try registry.collectGarbage().deletions.isEmpty)
        #expect(try registry.verify().findings == [])
    }

    @Test("lists, queries and SQL do not show the series of a deleted run")
    func hidden() throws {
        let bench = try rich()
        let registry = bench.registry
        try registry.delete(.run(1), cascade: true)
        for view in ["all_epochs", "all_iterations", "segments", "epochs", "iterations", "keyframes", "line"] {
            let count = try registry.reading {
                try $0.connection.value("SELECT count(*) FROM \(view) WHERE run = 1", as: Int.self)
            }
            #expect(count == 0, "\(view)")
        }
        #expect(bench.failure { _ = try registry.losses(ofRun: 1) } != nil)
        #expect(try registry.runs().map(\.number) == [3])
        #expect(try registry.reading { try $0.connection.value("SELECT count(*) FROM deletions", as: Int.self) } == 1)
    }

    @Test("is recorded by events, which name the deletion")
    func events() throws {
        let bench = try rich()
        let registry = bench.registry
        let uuid = try registry.run(1).uuid
        try registry.delete(.run(1), cascade: true)
        let kept = try #require(try registry.deletions().first)
        try registry.undoDeletion(of: .run(1))
        let event = try bench.lastEvent(.run(1))
        #expect(event.kind == .deletionUndone)
        let detail = try JSONValue(parsing: event.detailJSON)
        #expect(detail["uuid"]?.string == uuid.description && detail["event"]?.int == kept.event)
        #expect(try registry.events(of: .model("iris")).suffix(2).map(\.kind) == [.alias, .current])
        try registry.delete(.run(1), cascade: true)
        let again = try #require(try registry.deletions().first).event
        _ = try registry.collectGarbage()
        let ended = try bench.lastEvent(.run(1))
        #expect(ended.kind == .deletionEnded)
        #expect(try JSONValue(parsing: ended.detailJSON)["event"]?.int == again)
    }

    @Test("of several deletions each is undone by its own name, a parent before its fork")
    func several() throws {
        let bench = try rich()
        let registry = bench.registry
        let before = try rowDump(registry)
        try registry.delete(.version(model: "iris", number: 2), cascade: true)
        try registry.delete(.run(2), cascade: true)
        try registry.delete(.model("other"))
        try registry.delete(.run(1), cascade: true)
        #expect(try registry.verify().findings == [])
        #expect(try registry.deletions().count == 4)
        let dump = try rowDump(registry)
        #expect(
            bench.failure { try registry.undoDeletion(of: .version(model: "iris", number: 2)) }
                == .notUndoable(
                    what: "iris:2", why: "run 2, of which iris:2 was made, was deleted too", first: .run(2)))
        #expect(
            bench.failure { try registry.undoDeletion(of: .run(2)) }
                == .notUndoable(what: "run 2", why: "model other was deleted too", first: .model("other")))
        try registry.undoDeletion(of: .model("other"))
        #expect(
            bench.failure { try registry.undoDeletion(of: .run(2)) }
                == .notUndoable(
                    what: "run 2", why: "run 1, from which run 2 was forked, was deleted too", first: .run(1)))
        #expect(
            bench.failure { try registry.undoDeletion(of: .version(model: "hand", number: 1)) }
                == .notUndoable(what: "hand:1", why: "it was deleted together with run 1", first: .run(1)))
        #expect(try rowDump(registry)["run"] == dump["run"])
        try registry.undoDeletion(of: .run(1))
        try registry.undoDeletion(of: .run(2))
        try registry.undoDeletion(of: .version(model: "iris", number: 2))
        #expect(differences(before, try rowDump(registry)) == [])
        #expect(try registry.verify().findings == [])
    }

    @Test("a newer version stays current, and keys of what is kept are not given again")
    func meanwhile() throws {
        let bench = try rich()
        let registry = bench.registry
        let (measures, versions) = (try registry.evaluations(ofRun: 1), try registry.versions(ofModel: "iris"))
        try registry.delete(.run(1), cascade: true)
        // iris is trained on, and takes the next numbers.
        #expect(try bench.finishedRun() == 4)
        #expect(try registry.models().first { $0.name == "iris" }?.currentVersion == 3)
        try registry.undoDeletion(of: .run(1))
        #expect(try registry.verify().findings == [])
        #expect(try registry.evaluations(ofRun: 1) == measures)
        #expect(try registry.versions(ofModel: "iris").map(\.number) == [3, 2, 1])
        #expect(try registry.versions(ofModel: "iris").dropFirst().map(\.uuid) == versions.map(\.uuid))
        #expect(try registry.models().first { $0.name == "iris" }?.currentVersion == 3)
        #expect(try registry.aliases(ofModel: "iris").map(\.version) == [1])
    }

    @Test("something else in the place is named, and nothing is changed")
    func conflicts() throws {
        let bench = try rich()
        let registry = bench.registry
        try registry.delete(.model("iris"), cascade: true)
        try bench.finishedRun()
        var dump = try rowDump(registry)
        #expect(
            bench.failure { try registry.undoDeletion(of: .model("iris")) }
                == .notUndoable(what: "model iris", why: "there is another model iris now", first: nil))
        #expect(differences(dump, try rowDump(registry)) == [])
        // The new model is deleted for good, and the old one can come back.
        try registry.delete(.model("iris"), cascade: true, purge: true)
        try registry.undoDeletion(of: .model("iris"))
        #expect(try registry.verify().findings == [])
        // An alias that names another version now.
        try registry.delete(.version(model: "iris", number: 1), cascade: true)
        _ = try registry.setAlias("production", to: 2, ofModel: "iris")
        dump = try rowDump(registry)
        #expect(
            bench.failure { try registry.undoDeletion(of: .version(model: "iris", number: 1)) }
                == .notUndoable(
                    what: "iris:1", why: "iris@production is an alias of iris:2 now", first: nil))
        #expect(differences(dump, try rowDump(registry)) == [])
        _ = try registry.removeAlias("production", ofModel: "iris")
        try registry.undoDeletion(of: .version(model: "iris", number: 1))
        #expect(try registry.aliases(ofModel: "iris").map(\.version) == [1])
        // A run that is there, and one that never was.
        guard case .notFound? = bench.failure({ try registry.undoDeletion(of: .run(1)) }),
            case .notFound? = bench.failure({ try registry.undoDeletion(of: .run(99)) })
        else {
            Issue.record("there is nothing to undo")
            return
        }
        #expect(try registry.verify().findings == [])
    }

    @Test("a purge, the end of the time and gc end it; what was kept is freed")
    func ended() throws {
        let bench = try rich()
        let registry = bench.registry
        func isGone(_ subject: Subject) -> Bool {
            if case .notUndoable(_, _, nil)? = bench.failure({ try registry.undoDeletion(of: subject) }) {
                true
            } else {
                false
            }
        }
        func series(_ run: Int) throws -> Int {
            try registry.reading {
                try $0.connection.value("SELECT count(*) FROM segment WHERE run = ?", [run], as: Int.self)
            }
        }
        #expect(try registry.delete(.run(2), cascade: true, purge: true).undoableUntil == nil)
        #expect(isGone(.run(2)))
        #expect(try series(2) == 0)
        // What is kept is purged by its name.
        let until = try #require(try registry.delete(.run(3)).undoableUntil)
        #expect(until > 1_702_500_000_000_000)
        #expect(try series(3) == 2)
        #expect(try registry.purgeDeletion(of: .run(3)).map(\.undoableUntil) == [nil])
        #expect(isGone(.run(3)))
        #expect(try series(3) == 0)
        #expect(try registry.verify().findings == [])
        // After its time it cannot be undone, and the next deletion drops it.
        try registry.delete(.version(model: "hand", number: 1), cascade: true)
        bench.world.wait(Deletion.timeToUndo)
        #expect(try registry.deletions().isEmpty)
        #expect(isGone(.version(model: "hand", number: 1)))
        try registry.delete(.run(1), cascade: true)
        #expect(try registry.reading { try $0.deletions.all().map(\.subject) } == [.run(1)])
        #expect(try registry.verify().findings == [])
        // gc says which it ends, and frees everything.
        let told = try registry.garbage()
        let report = try registry.collectGarbage()
        #expect(told.kinds == report.kinds && told.deletions == report.deletions)
        #expect(report.deletions.map(\.subject) == [.run(1)])
        #expect(report.kinds.first { $0.name == "iterations" }?.count == 50)
        #expect(report.runs.isEmpty)
        #expect(isGone(.run(1)))
        #expect(try registry.verify().findings == [])
        #expect(try registry.collectGarbage().isEmpty)
        let left = try registry.reading { store in
            try ["segment", "epoch", "iteration_block", "deletion", "deleted_run", "deleted_piece", "tensor", "spec"]
                .map { try store.connection.value("SELECT count(*) FROM \($0)", as: Int.self) }
        }
        #expect(left == Array(repeating: 0, count: 8))
    }

    @Test("a large run is deleted and brought back without moving its losses; gc frees them in short transactions")
    func large() throws {
        let bench = try Bench()
        let registry = bench.registry
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 1_000_000)))
        try writer.commit(RunCommit(losses: losses(1_000_001, 1_200_000)))
        try writer.close()
        let before = try rowDump(registry)
        try registry.delete(.run(1))
        #expect(try registry.reading { try $0.deletions.bytes(of: $0.deletions.all()[0].id) } < 4_000)
        #expect(try registry.verify().findings == [])
        try registry.undoDeletion(of: .run(1))
        #expect(differences(before, try rowDump(registry)) == [])
        try registry.delete(.run(1))
        let report = try registry.collectGarbage()
        #expect(report.kinds.first { $0.name == "iterations" }?.count == 1_200_000)
        #expect((report.bytesAfter ?? .max) < report.bytesBefore - 4_700_000)
        #expect(try registry.verify().findings == [])
    }

    @Test("a damaged row that is kept is found by verify, and is not brought back")
    func damaged() throws {
        let bench = try rich()
        let registry = bench.registry
        try registry.delete(.run(1), cascade: true)
        try registry.writing { store in
            let pieces = try store.rows(.deletedPiece, "WHERE source = 'run'")
            var piece = try #require(pieces.first)
            var bytes = try piece.blob("rows")
            // Within the first run's row: its number of iterations or the like. The piece gets a new seal.
            bytes[40] ^= 1
            piece["rows"] = .blob(bytes)
            try store.update(piece)
        }
        let findings = try registry.verify().findings.map(\.description)
        #expect(findings.contains { $0.hasPrefix("deleted_piece deletion=") }, "\(findings)")
        guard case .damaged? = bench.failure({ try registry.undoDeletion(of: .run(1)) }) else {
            Issue.record("a damaged row was brought back")
            return
        }
    }
}
