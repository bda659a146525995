import BPJSON
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore
@testable import BPTransfer

@Suite("What a registry gives, restored elsewhere")
struct MergeTests {
    @Test("every row comes out as it was but for local ids, verify is sound, and a second time changes nothing")
    func roundTrip() throws {
        let bench = try Bench.rich()
        var source = try bench.registry.taken().reread()
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime(scratch) {} }
        let report = try there.restore(from: source)
        #expect(try there.verify().findings == [])
        #expect(report.runs.map(\.number) == [1, 2, 3, 4])
        #expect(report.runs.allSatisfy { $0.outcome == .added && $0.number == $0.archivedNumber })
        #expect(report.versions.map { "\($0.model):\($0.number)" } == ["iris:1", "hand:1", "iris:2"])
        #expect(report.notes == [])
        #expect(report.datasets.map(\.outcome) == [.added])
        let back = try there.taken()
        #expect(back.parts == source.parts)
        #expect(back.bytes == source.bytes)
        // What was open at home has been interrupted.
        #expect(try bench.registry.run(4).status == .running)
        #expect(try there.run(4).status == .interrupted)
        #expect(try there.attempts(ofRun: 4).map(\.status) == [.interrupted])
        try bench.registry.writing { store in
            var attempt = try store.need(.attempt, [.int(4), .int(1)])
            attempt["ended"] = try store.need(.run, [.int(4)])["updated"]
            attempt["status"] = .text("interrupted")
            try store.update(attempt)
        }
        source = try bench.registry.taken().reread()
        #expect(back.document.comparable == source.document.comparable)

        let dump = registryDump(scratch.path)
        let again = try there.restore(from: source)
        #expect(again.changedNothing)
        #expect(again.runs.allSatisfy { $0.outcome == .alreadyThere })
        #expect(again.versions.allSatisfy { $0.outcome == .alreadyThere })
        #expect(registryDump(scratch.path) == dump)
        #expect(try there.verify().findings == [])
    }

    @Test("a run comes with its ancestors, a version with its run, a model with all of both; nothing else does")
    func selections() throws {
        let bench = try Bench.rich()
        func runs(_ selection: Subject) throws -> [Int] {
            let (scratch, there) = try Bench.elsewhere()
            defer { withExtendedLifetime(scratch) {} }
            let report = try there.restore(from: bench.registry.taken(selection))
            #expect(try there.verify().findings == [])
            return report.runs.map(\.number)
        }
        #expect(try runs(.run(1)) == [1])
        #expect(try runs(.run(4)) == [1, 3, 4])
        #expect(try runs(.version(model: "hand", number: 1)) == [1])
        #expect(try runs(.model("forked")) == [1, 3])
        #expect(try runs(.model("iris")) == [1, 3, 4])
        #expect(throws: RegistryError.self) { try bench.registry.taken(.run(9)) }
        #expect(throws: RegistryError.self) { try bench.registry.taken(.model("nobody")) }
    }

    @Test("a current version and an alias whose run stays at home are left out, and the newest version becomes current")
    func versionsOfOtherRuns() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.finishedRun(epochs: 3)
        _ = try bench.registry.setAlias("production", to: 2, ofModel: "iris")
        let source = try bench.registry.taken(.run(1))
        let model = try #require(source.document[path: ["models", 0]]?.object)
        #expect(model["current_version"] == nil)
        #expect(model["aliases"] == [])
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime((scratch, bench)) {} }
        #expect(try there.restore(from: source).versions.map(\.number) == [1])
        #expect(try there.models().map(\.currentVersion) == [1])
        #expect(try there.aliases().isEmpty)
        #expect(try there.verify().findings == [])
    }

    @Test("rollbacks can be undone there, of runs and of models, and runs go on, are rolled back and forked")
    func goesOn() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let first = try bench.registry.version(ofModel: "iris", 1)
        _ = try bench.registry.createVersion(
            NewManualVersion(model: "iris", origin: .version(first), metricsJSON: "{}"))
        _ = try bench.registry.setCurrent(1, ofModel: "iris")
        _ = try bench.rollBack("1@iteration:30")
        _ = try bench.rollBack("1@iteration:20")
        _ = try bench.registry.undoRollback(ofRun: 1)
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime(scratch) {} }
        // Numbers of events differ there.
        _ = try there.storeDataset(NewDataset(name: "o", sourcePath: "o", rowCount: 0, columns: []))
        _ = try there.restore(from: bench.registry.taken())
        let (mine, theirs) = (try bench.registry.undoRollback(ofRun: 1), try there.undoRollback(ofRun: 1))
        #expect(mine == theirs)
        #expect(try bench.registry.undoSetCurrent(ofModel: "iris") == there.undoSetCurrent(ofModel: "iris"))
        #expect(try there.run(1).status == .finished)
        let writer = try there.resumeRun(1, attempt: plainAttempt)
        try writer.commit(RunCommit(losses: losses(51, 60), epochs: [makeEpoch(6)]))
        try writer.close()
        #expect(try there.rollback(to: Point(run: 1, lineSegment: 1, iteration: 55, epoch: 5)).to.iteration == 55)
        #expect(try there.verify().findings == [])
        // What went on from what was restored is the same run still.
        #expect(try there.restore(from: bench.registry.taken(.run(1))).runs.map(\.outcome) == [.alreadyThere])
    }

    @Test("numbers that are taken become the next, wherever they are told; others stay")
    func numbersTaken() throws {
        let bench = try Bench.rich()
        let other = try Bench(seed: 50)
        try other.finishedRun()
        _ = try other.registry.addNote("here", to: .run(1))
        _ = try other.registry.setAlias("production", to: 1, ofModel: "iris")
        let report = try other.registry.restore(from: bench.registry.taken())
        #expect(report.runs.map(\.number) == [5, 2, 3, 4])
        #expect(report.versions.map { "\($0.model):\($0.number)" } == ["iris:3", "hand:1", "iris:2"])
        #expect(report.notes.contains("run 1 is run 5 here, since number 1 is taken"))
        #expect(report.notes.contains("iris:1 is iris:3 here, since number 1 is taken"))
        #expect(report.notes.contains("iris@production stays at iris:1; it was iris:3"))
        let registry = other.registry
        #expect(try registry.verify().findings == [])
        #expect(try registry.models().first { $0.name == "iris" }?.currentVersion == 1)
        #expect(try registry.models().map(\.runCount) == [1, 0, 3, 1])
        #expect(try registry.run(3).parent?.run == 5)
        let made = try #require(try registry.events(of: .run(3)).first { $0.kind == "created" })
        #expect(try JSONValue(parsing: made.detailJSON)["parent"]?["run"] == 5)
        let version = try #require(
            try registry.events(of: .version(model: "iris", number: 2)).first { $0.kind == "created" })
        #expect(try JSONValue(parsing: version.detailJSON)["from"] == "iris:3")
        #expect(try JSONValue(parsing: version.detailJSON)["run"] == 5)
        #expect(try registry.notes(of: .run(1)).map(\.text) == ["here"])
        #expect(try registry.notes(of: .version(model: "iris", number: 3)).map(\.text) == ["of a version"])
        _ = try registry.undoRollback(ofRun: 5)
        let again = try registry.restore(from: bench.registry.taken())
        #expect(again.changedNothing)
        #expect(again.runs.map(\.number) == [5, 2, 3, 4])
        #expect(try registry.addNote("next", to: .run(1)).id > 3)
    }

    @Test("a run that is here with another history is refused with both, and nothing is changed")
    func conflict() throws {
        let bench = try Bench()
        try bench.interruptedRun(20)
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime(scratch) {} }
        _ = try there.restore(from: bench.registry.taken())
        // Other ways from the same place: shorter here, of the same length, and longer.
        try bench.goOn(1, by: 10, loss: 3)
        let other = try bench.registry.taken()
        for (last, epochs) in [(25, []), (30, [makeEpoch(3)]), (40, [makeEpoch(4)])] {
            let writer = try there.resumeRun(1, attempt: plainAttempt)
            try writer.commit(RunCommit(losses: losses(writer.resumedIteration + 1, last), epochs: epochs))
            try writer.close()
            let dump = registryDump(scratch.path)
            let error = #expect(throws: RegistryError.self) { try there.restore(from: other) }
            guard case .conflict(let place, let what)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(place.hasPrefix("run 1 ("))
            #expect(
                what.hasPrefix(
                    "it is here with another history: the losses of segment 1 differ from iteration 21 on; here "
                        + "segment 1 with iterations 1 to \(last) (chain "))
            #expect(what.contains("to be restored segment 1 with iterations 1 to 30 (chain"))
            #expect(registryDump(scratch.path) == dump)
        }
        #expect(try there.verify().findings == [])
    }

    @Test("weights that went to an archive come back from it, and content of data that was left out")
    func comesBack() throws {
        let bench = try Bench.rich()
        let whole = try bench.registry.taken()
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime(scratch) {} }
        let bare = try bench.registry.taken(.all, withData: false)
        #expect(bare.parts.count == whole.parts.count - 2)
        #expect(try there.restore(from: bare).datasets.map(\.isStored) == [false])
        let weights = Set(
            whole.parts.compactMap { part -> SHA256Digest? in
                if case .content(let digest) = part.name { digest } else { nil }
            })
        let archive = ArchiveName(path: "a.safetensors", digest: SHA256.hash("a"), bytes: 1)
        let gone = try there.freeWeights(of: .all, archivedIn: archive, holding: weights)
        #expect(gone.tensors == weights.count - 2)
        #expect(try there.verify().findings == [])
        let report = try there.restore(from: whole)
        #expect(report.tensorsReturned == gone.tensors)
        #expect(report.tensors == gone.tensors + 2)
        #expect(report.datasets.map(\.outcome) == [.added])
        #expect(report.runs.allSatisfy { $0.outcome == .alreadyThere })
        #expect(try there.archives().isEmpty)
        #expect(try there.taken().bytes == whole.bytes)
        #expect(try there.verify().findings == [])
    }

    @Test("what was deleted is brought back under its number, with all that was measured, said and undone of it")
    func deleted() throws {
        let bench = try Bench()
        try bench.finishedRun()
        _ = try bench.rollBack("1@iteration:30")
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        _ = try registry.setTag("kind", to: "demo", of: .version(model: "iris", number: 1))
        _ = try registry.addNote("of a run", to: .run(1))
        let whole = try registry.taken()
        let before = try registry.version(ofModel: "iris", 1)
        let subjects: [Subject] = [.version(model: "iris", number: 1), .run(1), .model("iris")]
        for subject in subjects {
            try registry.delete(subject, cascade: true)
            #expect(try registry.verify().findings == [])
            let isVersion = subject == subjects[0]
            let report = try registry.restore(from: whole)
            #expect(report.runs.map(\.outcome) == [isVersion ? .alreadyThere : .added])
            #expect(report.versions.map(\.outcome) == [.added])
            #expect(report.notes == [])
            #expect(try registry.version(ofModel: "iris", 1) == before)
            #expect(try registry.evaluations(ofRun: 1).map(\.version) == [1])
            #expect(try registry.tags(of: .version(model: "iris", number: 1)).map(\.value) == ["demo"])
            #expect(try registry.notes(of: .run(1)).map(\.id) == [1])
            #expect(
                try registry.events(of: .version(model: "iris", number: 1)).filter { $0.kind == "created" }.count == 1)
            #expect(try registry.events(of: .run(1)).filter { $0.kind == "created" }.count == 1)
            #expect(try registry.verify().findings == [])
        }
        #expect(try registry.undoRollback(ofRun: 1).to.iteration == 50)
        try bench.finishedRun()
        #expect(try registry.versions().map(\.name) == ["iris:2", "iris:1"])
        #expect(try registry.verify().findings == [])
    }

    @Test("a run that is restored while its deletion can be undone has its number; the deletion waits until it is gone")
    func keptDeletion() throws {
        let bench = try Bench()
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        try bench.interruptedRun(40)
        try bench.fork("1@iteration:20").close()
        _ = try bench.version("1@iteration:15")
        let archive = try registry.taken()
        // More than the archive has.
        try bench.goOn(1, by: 5_000)
        let before = try rowDump(registry)
        try registry.delete(.run(2))
        try registry.delete(.run(1), cascade: true)
        let report = try registry.restore(from: archive)
        #expect(report.runs.map(\.number) == [1, 2] && report.runs.map(\.outcome) == [.added, .added])
        #expect(try registry.run(1).iterations == 40)
        #expect(try registry.verify().findings == [])
        #expect(try registry.restore(from: archive).changedNothing)
        for run in [1, 2] {
            #expect(
                throws: RegistryError.notUndoable(
                    what: "run \(run)", why: "run \(run), the same run, was restored since", first: nil)
            ) { try registry.undoDeletion(of: .run(run)) }
        }
        try registry.delete(.run(1), cascade: true, purge: true)
        #expect(try registry.verify().findings == [])
        try registry.undoDeletion(of: .run(1))
        try registry.undoDeletion(of: .run(2))
        #expect(try registry.run(1).iterations == 5_040)
        let changes = differences(before, try rowDump(registry))
        #expect(changes.allSatisfy { $0.hasPrefix("registry: ") }, "\(changes)")
        #expect(try registry.verify().findings == [])
        _ = try registry.collectGarbage()
        #expect(try registry.verify().findings == [])
    }

    @Test("the rollback of a model can be undone after the model was deleted and restored")
    func deletedModel() throws {
        let bench = try Bench()
        for _ in 0..<3 { try bench.finishedRun() }
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        _ = try registry.setCurrent(2, ofModel: "iris")
        _ = try registry.setCurrent(1, ofModel: "iris")
        _ = try registry.undoSetCurrent(ofModel: "iris")
        let whole = try registry.taken()
        for _ in 0..<2 {
            try registry.delete(.model("iris"), cascade: true)
            #expect(throws: RegistryError.self) { try registry.undoSetCurrent(ofModel: "iris") }
            _ = try registry.restore(from: whole)
            #expect(try registry.restore(from: whole).changedNothing)
            #expect(try registry.verify().findings == [])
        }
        #expect(try registry.models().map(\.currentVersion) == [2])
        #expect(try registry.undoSetCurrent(ofModel: "iris").to == 3)
        #expect(throws: RegistryError.self) { try registry.undoSetCurrent(ofModel: "iris") }
        #expect(try registry.verify().findings == [])
    }

    @Test("what gc has freed is not there either, and a tidied registry knows its runs in an archive from before")
    func freed() throws {
        let bench = try Bench.rich()
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        let whole = try registry.taken()
        _ = try registry.collectGarbage()
        #expect(try registry.verify().findings == [])
        let tidied = try registry.taken()
        #expect(tidied.parts.count < whole.parts.count || tidied.bytes != whole.bytes)
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime(scratch) {} }
        _ = try there.restore(from: tidied)
        #expect(try there.verify().findings == [])
        #expect(try there.taken().bytes == tidied.bytes)
        for target in [registry, there] {
            #expect(try target.restore(from: whole).runs.allSatisfy { $0.outcome == .alreadyThere })
            #expect(try target.verify().findings == [])
        }
        let weights = Set(
            tidied.parts.compactMap { part -> SHA256Digest? in
                if case .content(let digest) = part.name { digest } else { nil }
            })
        // Tombstones of what is deleted go with it.
        let archive = ArchiveName(path: "a", digest: SHA256.hash("a"), bytes: 1)
        #expect(try there.freeWeights(of: .all, archivedIn: archive, holding: weights).tensors > 3)
        for model in try there.models() { _ = try? there.delete(.model(model.name), cascade: true) }
        #expect(try there.runs().isEmpty && there.models().isEmpty)
        _ = try there.collectGarbage()
        #expect(try there.archives() == [])
        #expect(try there.verify().findings == [])
        #expect(try there.restore(from: tidied).runs.map(\.number) == [1, 2, 3, 4])
        #expect(try there.taken().bytes == tidied.bytes)
        #expect(try there.verify().findings == [])
    }

    @Test("what the reader of a source throws is what the caller gets, and nothing is left")
    func failingSource() throws {
        struct Broken: Error, Equatable {}
        let bench = try Bench.rich()
        var source = try bench.registry.taken()
        source.failure = Broken()
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime(scratch) {} }
        let dump = registryDump(scratch.path)
        #expect(throws: Broken()) { try there.restore(from: source) }
        #expect(registryDump(scratch.path) == dump)
        #expect(throws: Broken()) { try bench.registry.withTransferSource(of: .all) { _ in throw Broken() } }
        let numbers = try bench.registry.withTransferSource(of: .all) { source in
            // The registry itself can be used meanwhile.
            (try bench.registry.runs().count, source.parts.count)
        }
        #expect(numbers.0 == 4 && numbers.1 > 10)
    }

    @Test("what is too much for one transaction goes in run by run, and comes to the same")
    func manyTransactions() throws {
        let bench = try Bench.rich()
        defer { withExtendedLifetime(bench) {} }
        let source = try bench.registry.taken()
        let (first, whole) = try Bench.elsewhere()
        let (second, parts) = try Bench.elsewhere()
        defer { withExtendedLifetime((first, second)) {} }
        let report = try whole.restore(from: source)
        #expect(try parts.restore(from: source, rowsInTransaction: 1) == report)
        #expect(try parts.taken().document.comparable == whole.taken().document.comparable)
        #expect(try parts.verify().findings == [])
        // One that was cut off after its first run is gone on with.
        let (third, rest) = try Bench.elsewhere()
        defer { withExtendedLifetime(third) {} }
        let cut = source.changingBytes(of: { $0 == .losses(run: report.runs[3].uuid, segment: 1) }) { $0[0] ^= 1 }
        #expect(throws: RegistryError.self) { try rest.restore(from: cut, rowsInTransaction: 1) }
        #expect(try rest.runs().map(\.number) == [3, 2, 1])
        #expect(try rest.verify().findings == [])
        let again = try rest.restore(from: source, rowsInTransaction: 1)
        #expect(again.runs.map(\.outcome) == [.alreadyThere, .alreadyThere, .alreadyThere, .added])
        #expect(try rest.taken().document.comparable == whole.taken().document.comparable)
        #expect(try rest.verify().findings == [])
    }

    @Test("tensors of many mebibytes come whole")
    func largeContent() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        let tensors = fullTensors(0, count: 3_000_000)
        let frame = try writer.stage(fullKeyframe(0), tensors: tensors)
        try writer.commit(RunCommit(losses: losses(1, 20_000), keyframes: [frame]))
        try writer.close()
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime(scratch) {} }
        #expect(try there.restore(from: bench.registry.taken()).tensors == 4)
        #expect(try there.losses(ofRun: 1) == losses(1, 20_000))
        let state = try #require(try there.newestFullKeyframeState(ofRun: 1))
        #expect(state["velocity"]?.count == 3_000_000)
        #expect(try there.verify().findings == [])
    }
}
