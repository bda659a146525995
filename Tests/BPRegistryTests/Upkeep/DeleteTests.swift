import BPJSON
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Deleting runs, versions and models")
struct DeleteTests {
    private func findings(_ bench: Bench) throws -> [VerifyReport.Finding] { try bench.registry.verify().findings }

    @Test("a run that is purged goes with all its rows, and its number is not given again")
    func run() throws {
        let bench = try Bench()
        try bench.interruptedRun(25)
        try bench.interruptedRun(30)
        _ = try bench.pin("1@iteration:7", name: "p")
        _ = try bench.registry.setTag("kind", to: "demo", of: .run(1))
        _ = try bench.registry.addNote("a note", to: .run(1))
        let uuid = try bench.registry.run(1).uuid
        let deletion = try bench.registry.delete(.run(1), purge: true)
        #expect(deletion.runs.map(\.number) == [1] && deletion.runs.map(\.pins) == [1])
        #expect(try findings(bench) == [])
        #expect(try bench.registry.runs().map(\.number) == [2])
        #expect(bench.failure { _ = try bench.registry.run(1) } != nil)
        let event = try bench.lastEvent(.run(1))
        #expect(event.kind == "deleted")
        #expect(try JSONValue(parsing: event.detailJSON)["uuid"]?.string == uuid.description)
        for table in SealedTable.sealed where table.columns.contains("run") {
            let left = try bench.registry.reading {
                try $0.connection.value("SELECT count(*) FROM \(table.name) WHERE run = 1", as: Int.self)
            }
            #expect(left == 0, "\(table.name)")
        }
        #expect(try bench.interruptedRun(5) == 3)
    }

    @Test("what depends on it is told, and nothing is deleted; all of it goes with --cascade")
    func dependents() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let fork = try bench.fork("1@epoch:3", model: "other")
        try fork.commit(RunCommit(losses: losses(31, 44), epochs: [makeEpoch(4)]))
        try fork.close()
        let grandchild = try bench.fork("2@last", model: "third")
        try grandchild.close()
        _ = try bench.version("1@iteration:13", model: "hand")
        _ = try bench.registry.setAlias("production", to: 1, ofModel: "iris")
        let before = registryDump(bench.path)
        let refused = bench.failure { try bench.registry.delete(.run(1)) }
        let users = [
            "run 2, a fork of run 1", "run 3, a fork of run 2", "iris:1, the current version of iris",
            "hand:1, the current version of hand", "iris@production, an alias of iris:1",
        ]
        #expect(refused == .inUse(what: "run 1", by: users))
        #expect(registryDump(bench.path) == before)
        let deletion = try bench.registry.delete(.run(1), cascade: true)
        #expect(deletion.runs.map(\.number) == [1, 2, 3])
        #expect(deletion.versions.map(\.description) == ["hand:1", "iris:1"])
        #expect(try findings(bench) == [])
        #expect(try bench.registry.runs().isEmpty)
        #expect(try bench.registry.versions().isEmpty)
        #expect(try bench.registry.models().map(\.currentVersion) == [nil, nil, nil, nil])
    }

    @Test("a version: the highest other one becomes current, and an undo to the one that is gone is refused")
    func version() throws {
        let bench = try Bench()
        try bench.finishedRun()
        _ = try bench.version("1@iteration:13")
        _ = try bench.registry.setCurrent(1, ofModel: "iris")
        let refused = bench.failure { try bench.registry.delete(.version(model: "iris", number: 1)) }
        #expect(refused == .inUse(what: "iris:1", by: ["iris:1, the current version of iris"]))
        try bench.registry.delete(.version(model: "iris", number: 2))
        #expect(try findings(bench) == [])
        let undone = bench.failure { _ = try bench.registry.undoSetCurrent(ofModel: "iris") }
        #expect(undone == .conflict(place: "model iris", what: "iris:2, which was current before, is deleted"))
        _ = try bench.version("1@iteration:14")
        try bench.registry.delete(.version(model: "iris", number: 3), cascade: true)
        #expect(try bench.registry.models().map(\.currentVersion) == [1])
        // What was measured of it stays, as a measure of the run.
        try bench.registry.delete(.version(model: "iris", number: 1), cascade: true)
        #expect(try bench.registry.evaluations(ofRun: 1).map(\.version) == [nil])
        #expect(try bench.registry.models().map(\.currentVersion) == [nil])
        #expect(try findings(bench) == [])
    }

    @Test("a model goes with its runs and versions; one of the same name goes on with the numbers")
    func model() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.finishedRun()
        _ = try bench.registry.setCurrent(1, ofModel: "iris")
        _ = try bench.version("2@iteration:3", model: "hand")
        #expect(
            bench.failure { try bench.registry.delete(.model("iris")) }
                == .inUse(what: "model iris", by: ["hand:1, the current version of hand"]))
        try bench.registry.delete(.version(model: "hand", number: 1), cascade: true)
        try bench.registry.delete(.model("iris"))
        #expect(try bench.registry.models().map(\.name) == ["hand"])
        #expect(try findings(bench) == [])
        try bench.finishedRun()
        #expect(try bench.registry.versions(ofModel: "iris").map(\.number) == [3])
        #expect(try bench.registry.runs().map(\.number) == [3])
        // The moves of the model before are not this one's to undo.
        #expect(bench.failure { _ = try bench.registry.undoSetCurrent(ofModel: "iris") } != nil)
        #expect(try findings(bench) == [])
    }

    @Test("a run at work, and a fork of it at work, cannot be deleted")
    func alive() throws {
        let bench = try Bench()
        try bench.interruptedRun(25)
        let fork = try bench.fork("1@last")
        #expect(
            bench.failure { try bench.registry.delete(.run(1), cascade: true) }
                == .alive(run: 2, owner: bench.world.environment.owner(), sign: .process(isOwn: true)))
        try fork.close()
        try bench.registry.delete(.run(1), cascade: true)
        #expect(try findings(bench) == [])
    }

    @Test("what has changed since it was asked about is not deleted")
    func changed() throws {
        let bench = try Bench()
        try bench.interruptedRun(25)
        let seen = try bench.registry.deletion(of: .run(1))
        try bench.fork("1@last").close()
        #expect(
            bench.failure { try bench.registry.delete(.run(1), cascade: true, ifUnchanged: seen) }
                == .conflict(
                    place: "run 1", what: "what depends on it has changed since; nothing was deleted"))
    }
}
