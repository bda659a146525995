import BPTransfer
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Freeing what nothing needs")
struct GarbageTests {
    private func findings(_ bench: Bench) throws -> [VerifyReport.Finding] { try bench.registry.verify().findings }

    private func pages(_ bench: Bench) throws -> Int {
        try bench.registry.withStore { try $0.connection.value("PRAGMA page_count", as: Int.self) }
    }

    private func kind(_ name: String, _ report: GarbageReport) -> GarbageReport.Kind? {
        report.kinds.first { $0.name == name }
    }

    /// A run of 20,000 iterations, rolled back to 5,000 and gone on to 5,100.
    private func rolledBack() throws -> Bench {
        let bench = try Bench()
        try bench.interruptedRun(20_000)
        _ = try bench.rollBack("1@iteration:5000")
        try bench.goOn(1, by: 100)
        return bench
    }

    @Test("a superseded stretch goes in whole blocks, as the dry run told; the file is smaller; again frees nothing")
    func stretch() throws {
        let bench = try rolledBack()
        let head = try bench.registry.losses(ofRun: 1)
        let (told, before) = (try bench.registry.garbage(), try pages(bench))
        let report = try bench.registry.collectGarbage()
        #expect(report.runs == [.init(run: 1, iterations: 20_000 - 8_192, epochs: 2_000 - 819, keyframes: 0)])
        #expect(report.runs == told.runs && report.kinds == told.kinds)
        #expect(kind("iterations", report)?.bytes == 4 * (20_000 - 8_192))
        #expect(report.bytesBefore == before * Opening.pageSize)
        let after = try pages(bench)
        #expect(after < before && report.bytesAfter == after * Opening.pageSize)
        #expect(try findings(bench) == [])
        #expect(try bench.registry.losses(ofRun: 1) == head)
        #expect(try bench.registry.epochs(ofRun: 1).count == 510)
        // What stands in the same block as something needed is still there.
        #expect(try bench.registry.losses(ofRun: 1, segment: 1, to: 8_192) == losses(1, 8_192))
        #expect(try bench.registry.epochs(ofRun: 1, segment: 1, to: 819).count == 819)
        #expect(try bench.registry.garbage().isEmpty)
        let events = try bench.registry.events(of: .run(1)).map(\.kind)
        #expect(events.last == "freed")
        #expect(try bench.registry.collectGarbage().isEmpty)
        #expect(try bench.registry.events(of: .run(1)).map(\.kind) == events)
        let size = Files(bench.scratch.folder).read("r.sqlite").count
        #expect(size == after * Opening.pageSize)
    }

    @Test("everything that reaches for what is freed is told so, in the same words")
    func freed() throws {
        let bench = try rolledBack()
        _ = try bench.registry.collectGarbage()
        let registry = bench.registry
        let freed = RegistryError.freed(place: "1.1, iterations 8193 to 20000", kept: "1.1@iteration:8192")
        let far = Point(run: 1, lineSegment: 1, iteration: 9_000, epoch: 900)
        let attempts: [(String, () throws -> Void)] = [
            ("1.1@last", { _ = try registry.resolve(Reference("1.1@last")) }),
            ("1.1@iteration:9000", { _ = try registry.resolve(Reference("1.1@iteration:9000")) }),
            ("1.1@epoch:1500", { _ = try registry.resolve(Reference("1.1@epoch:1500")) }),
            ("1.1@best", { _ = try registry.resolve(Reference("1.1@best")) }),
            ("losses", { _ = try registry.losses(ofRun: 1, segment: 1) }),
            ("some losses", { _ = try registry.losses(ofRun: 1, segment: 1, from: 9_000, to: 9_001) }),
            ("epochs", { _ = try registry.epochs(ofRun: 1, segment: 1) }),
            ("some epochs", { _ = try registry.epochs(ofRun: 1, segment: 1, from: 900, to: 901) }),
            ("rollback", { _ = try registry.rollback(to: far) }),
            ("undo", { _ = try registry.undoRollback(ofRun: 1) }),
            (
                "pin",
                { _ = try registry.pin(NewPin(point: far, optimizerStep: 0, tensors: fullTensors(9_000))) }
            ),
            (
                "version",
                {
                    let origin = NewManualVersion.Origin.point(far, weights: weights(9_000), descriptionJSON: "{}")
                    _ = try registry.createVersion(.init(model: "iris", origin: origin, metricsJSON: "{}"))
                }
            ),
            (
                "fork",
                {
                    var new = bench.newRun()
                    new.fork = NewRun.Fork(parent: far, keepsSteps: true)
                    _ = try registry.createRun(new)
                }
            ),
        ]
        for (name, attempt) in attempts { #expect(bench.failure(attempt) == freed, "\(name)") }
        #expect(try registry.resolve(Reference("1.1@iteration:8192")) == .point(bench.point("1.1@iteration:8192")))
        // To what is left of the stretch a run can still go back.
        #expect(try bench.rollBack("1.1@iteration:8000").to.iteration == 8_000)
        #expect(try findings(bench) == [])
    }

    @Test("a line that a version, a pin, an alias or a fork needs stays, back to the start")
    func needed() throws {
        for keeps in ["version", "pin", "fork"] {
            let bench = try Bench()
            try bench.interruptedRun(20_000)
            _ = try bench.rollBack("1@iteration:5000")
            try bench.goOn(1, by: 15_000)
            switch keeps {
            case "version": _ = try bench.version("1.1@iteration:16000", model: "hand")
            case "pin": _ = try bench.pin("1.1@iteration:16000")
            default: try bench.fork("1.1@iteration:16000").close()
            }
            _ = try bench.rollBack("1@iteration:100")
            let report = try bench.registry.collectGarbage()
            // Of segment 1 what leads to 16,000, in whole blocks; of segment 2 nothing.
            let iterations = 20_000 - 4 * 4_096 + 15_000
            #expect(report.runs.map(\.iterations) == [iterations], "\(keeps)")
            #expect(try bench.registry.losses(ofRun: 1, segment: 1, to: 16_000) == losses(1, 16_000))
            guard case .freed? = bench.failure({ _ = try bench.registry.losses(ofRun: 1, segment: 2) }) else {
                Issue.record("\(keeps): segment 2 is not freed")
                continue
            }
            #expect(try findings(bench) == [])
        }
    }

    @Test("content goes when nothing refers to it, datasets after an hour, and what others share stays")
    func content() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.finishedRun(epochs: 7)
        let other = try bench.registry.storeDataset(
            NewDataset(
                name: "other", sourcePath: "/data/other.csv", rowCount: 3,
                columns: [
                    .init(name: "length", type: .f64, bytes: Array(0..<24)),
                    .init(name: "width", type: .f64, bytes: Array(50..<74)),
                ]))
        try bench.registry.delete(.run(2), cascade: true)
        let first = try bench.registry.collectGarbage()
        #expect(kind("datasets", first)?.count == 0)
        #expect(kind("specs", first)?.count == 0)
        // Of the end and the best of epoch 7; the start is run 1's too.
        #expect(kind("tensors", first)?.count == 2)
        bench.world.wait(3_600_000_001)
        let told = try bench.registry.garbage()
        let second = try bench.registry.collectGarbage()
        #expect(told.kinds == second.kinds)
        #expect(kind("datasets", second)?.count == 1)
        // One column is the first dataset's too.
        #expect(kind("tensors", second)?.count == 1)
        #expect(bench.failure { _ = try bench.registry.dataset(other) } != nil)
        #expect(try bench.registry.columnBytes(bench.dataset, column: 0) == Array(0..<24))
        #expect(try findings(bench) == [])
        try bench.registry.delete(.run(1), cascade: true)
        _ = try bench.registry.collectGarbage()
        let left = try bench.registry.reading { store in
            try ["chunk", "tensor", "tensor_chunk", "keyframe", "spec", "dataset"].map {
                try store.connection.value("SELECT count(*) FROM \($0)", as: Int.self)
            }
        }
        #expect(left == [0, 0, 0, 0, 0, 0])
        #expect(try findings(bench) == [])
    }

    @Test("keyframes that a dead process left go, those of a live one stay")
    func pending() throws {
        let bench = try Bench()
        let dead = try bench.createRun()
        try dead.commit(RunCommit(losses: losses(1, 20)))
        _ = try dead.stage(fullKeyframe(20), tensors: fullTensors(20, count: 3_000_000))
        bench.world.kill(100)
        bench.world.become(200)
        let live = try bench.createRun()
        try live.commit(RunCommit(losses: losses(1, 30)))
        let staged = try live.stage(fullKeyframe(30), tensors: fullTensors(30))
        let told = try bench.registry.garbage()
        let report = try bench.registry.collectGarbage()
        #expect(report.kinds == told.kinds)
        #expect(report.runs == [.init(run: 1, iterations: 0, epochs: 0, keyframes: 1)])
        #expect(kind("chunks", report)?.bytes == 24_000_000)
        try live.commit(RunCommit(keyframes: [staged]))
        #expect(try bench.registry.keyframes(ofRun: 2).map(\.iteration) == [30])
        #expect(try findings(bench) == [])
    }

    @Test("spaced keyframes above the budget go by the rule that is given, only where the run is not alive")
    func spaced() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 50)))
        let staged = try [10, 20, 30, 40].map { try writer.stage(fullKeyframe($0), tensors: fullTensors($0)) }
        try writer.commit(RunCommit(keyframes: staged))
        let rule: KeyframeSurplus = { _, spaced in spaced.dropLast().map(\.id) + [4_711] }
        #expect(try bench.registry.garbage(surplus: rule).isEmpty)
        try writer.close()
        let told = try bench.registry.garbage(surplus: rule)
        let report = try bench.registry.collectGarbage(surplus: rule)
        #expect(report.runs == [.init(run: 1, iterations: 0, epochs: 0, keyframes: 3)])
        #expect(report.kinds == told.kinds)
        #expect(try bench.registry.keyframes(ofRun: 1).map(\.iteration) == [40])
        #expect(try findings(bench) == [])
    }

    @Test("without a rule, spaced keyframes go by the budget that the run's last attempt recorded")
    func recordedBudget() throws {
        let bench = try Bench()
        var new = bench.newRun()
        new.attempt.keyframePolicyJSON = #"{"budget_bytes": 0}"#
        let writer = try bench.registry.createRun(new)
        try writer.commit(RunCommit(losses: losses(1, 50)))
        let staged = try [10, 20, 30, 40].map { try writer.stage(fullKeyframe($0), tensors: fullTensors($0)) }
        try writer.commit(RunCommit(keyframes: staged))
        try writer.close()
        let told = try bench.registry.garbage()
        let report = try bench.registry.collectGarbage()
        #expect(report.runs == [.init(run: 1, iterations: 0, epochs: 0, keyframes: 3)])
        #expect(report.kinds == told.kinds)
        #expect(try bench.registry.keyframes(ofRun: 1).map(\.iteration) == [40])
        #expect(try findings(bench) == [])
    }

    @Test("what somebody makes needed while gc has looked and not yet freed stays", arguments: ["pin", "fork", "undo"])
    func meanwhile(_ move: String) throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(
            RunCommit(losses: losses(1, 20_000), epochs: (1...2_000).map { makeEpoch($0) }))
        let spaced = try writer.stage(fullKeyframe(10), tensors: fullTensors(10))
        try writer.commit(RunCommit(keyframes: [spaced]))
        try writer.close()
        _ = try bench.rollBack("1@iteration:5000")
        let other = try Registry.open(
            at: bench.path, for: .writing, durability: .off, environment: bench.world.environment)
        let far = Point(run: 1, lineSegment: 1, iteration: 19_990, epoch: 1_999)
        var new = bench.newRun(model: "fork")
        new.fork = NewRun.Fork(parent: far, keepsSteps: true)
        var (looks, failure) = (0, nil as (any Error)?)
        let report = try bench.registry.collectGarbage { _, _ in
            looks += 1
            guard looks == 1 else { return [] }
            do {
                switch move {
                case "pin":
                    _ = try other.pin(NewPin(point: far, optimizerStep: 19_990, tensors: fullTensors(19_990)))
                case "fork": try other.createRun(new).close()
                default: _ = try other.undoRollback(ofRun: 1)
                }
            } catch { failure = error }
            return []
        }
        #expect(failure == nil)
        #expect(looks > 1)
        #expect(report.isEmpty)
        #expect(try bench.registry.losses(ofRun: 1, segment: 1) == losses(1, 20_000))
        #expect(try findings(bench) == [])
    }

    @Test("where a row that tells what is needed is damaged, nothing is freed")
    func damaged() throws {
        for table in ["segment", "run"] {
            let bench = try rolledBack()
            try bench.registry.writing { store in
                try store.connection.execute(
                    "UPDATE \(table) SET seal = zeroblob(32) WHERE run = 1".replacing(
                        "WHERE run", with: table == "run" ? "WHERE id" : "WHERE run"))
            }
            guard case .damaged? = bench.failure({ _ = try bench.registry.collectGarbage() }) else {
                Issue.record("\(table): it was not refused")
                continue
            }
            let blocks = try bench.registry.reading {
                try $0.connection.value("SELECT count(*) FROM iteration_block", as: Int.self)
            }
            #expect(blocks == 6)
        }
    }

    @Test("what went to an archive goes with the last that names it, and its archive with the last of those")
    func archived() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.finishedRun(epochs: 9)
        let contents = Set(
            try bench.registry.taken(.run(2)).parts.compactMap { part in
                if case .content(let digest) = part.name { digest } else { nil }
            })
        let name = ArchiveName(path: "/a.safetensors", digest: SHA256.hash("a"), bytes: 9)
        let away = try bench.registry.freeWeights(of: .run(2), archivedIn: name, holding: contents)
        #expect(away.tensors > 0)
        #expect(try bench.registry.collectGarbage().isEmpty)
        #expect(try bench.registry.archives().count == 1)
        try bench.registry.delete(.run(2), cascade: true)
        let told = try bench.registry.garbage()
        let report = try bench.registry.collectGarbage()
        #expect(told.kinds == report.kinds)
        #expect(kind("tensors", report)?.count == away.tensors)
        #expect(kind("chunks", report)?.count == 0)
        #expect(try bench.registry.archives().isEmpty)
        #expect(try findings(bench) == [])
    }

    @Test("what gc has left of a history is archived and restored as it is, and a deleted run has its number again")
    func restored() throws {
        let bench = try rolledBack()
        _ = try bench.pin("1.1@iteration:6000")
        _ = try bench.registry.collectGarbage()
        let taken = try bench.registry.taken()
        let (scratch, elsewhere) = try Bench.elsewhere()
        defer { withExtendedLifetime((scratch, bench)) {} }
        _ = try elsewhere.restore(from: taken)
        #expect(try elsewhere.verify().findings == [])
        #expect(try elsewhere.losses(ofRun: 1) == bench.registry.losses(ofRun: 1))
        #expect(try elsewhere.losses(ofRun: 1, segment: 1, to: 8_192) == losses(1, 8_192))
        guard case .freed? = bench.failure({ _ = try elsewhere.losses(ofRun: 1, segment: 1) }) else {
            Issue.record("what was freed is not told to be")
            return
        }
        let uuid = try bench.registry.run(1).uuid
        try bench.registry.delete(.run(1))
        _ = try bench.registry.collectGarbage()
        _ = try bench.registry.restore(from: taken)
        #expect(try bench.registry.run(1).uuid == uuid)
        #expect(try findings(bench) == [])
        #expect(try bench.registry.collectGarbage().isEmpty)
    }
}
