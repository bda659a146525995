import BPSQLite
import BPTransfer
import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Verify")
struct VerifyTests {
    /// A registry with a row in every table.
    static func full() throws -> Bench {
        let bench = try Bench()
        try bench.finishedRun(epochs: 3)
        let writer = try bench.createRun(model: "other")
        try writer.commit(RunCommit(losses: losses(1, 9_000)))
        try writer.close()
        let registry = bench.registry
        _ = try registry.setAlias("production", to: 1, ofModel: "iris")
        _ = try bench.pin("2@iteration:20", name: "good")
        _ = try registry.setTag("kind", to: "demo", of: .run(1))
        _ = try registry.addNote("a note", to: .version(model: "iris", number: 1))
        _ = try bench.version("1@iteration:10", model: "hand")
        _ = try bench.rollBack("1@iteration:25")
        try bench.fork("2@iteration:4500").close()
        let archive = ArchiveName(path: "/tmp/hand.safetensors", digest: SHA256.hash("archive"), bytes: 1_000)
        let weights = Set(try registry.version(ofModel: "hand", 1).tensors.map(\.digest))
        _ = try registry.freeWeights(of: .version(model: "hand", number: 1), archivedIn: archive, holding: weights)
        // A deletion that can be undone; its series stay in their tables.
        try registry.delete(.run(bench.interruptedRun(12, model: "gone")))
        return bench
    }

    @Test("a keyframe with other tensors than the run's first, or of another size, is found")
    func tensorsOfKeyframes() throws {
        let bench = try Bench()
        defer { withExtendedLifetime(bench) {} }
        try bench.interruptedRun(30)
        let odd: [(iteration: Int, kind: KeyframeKind, tensors: [NewTensor], what: String)] = [
            (
                10, .full, [weights(10), NewTensor("moment", floats: [1])],
                "it has the tensors moment, parameters, the run's first keyframe of its kind has parameters, velocity"
            ),
            (
                20, .full, fullTensors(20, count: 18),
                "its tensor parameters has 72 bytes, that of the run's first keyframe 68"
            ),
            (
                30, .weights, [NewTensor("bias", floats: [1])],
                "it has no tensor parameters"
            ),
        ]
        for (iteration, kind, tensors, what) in odd {
            let writer = try bench.registry.resumeRun(1, attempt: plainAttempt)
            let new = NewKeyframe(
                iteration: iteration, epoch: iteration / 10, kind: kind, role: .spaced, optimizerStep: iteration)
            let frame = try writer.stage(new, tensors: tensors)
            try writer.commit(RunCommit(keyframes: [frame]))
            #expect(try bench.registry.verify().findings.map(\.what).contains(what))
            try writer.commit(RunCommit(deletedKeyframes: [frame.id]))
            try writer.close()
            #expect(try bench.registry.verify().findings == [])
        }
    }

    @Test("a sound registry has nothing to find, and the counts tell what was looked at")
    func sound() throws {
        let report = try VerifyTests.full().registry.verify()
        #expect(report.findings == [])
        let counts = Dictionary(uniqueKeysWithValues: report.counts.map { ($0.name, $0.value) })
        #expect(counts["run"] == 3)
        #expect(counts["iterations"] == 9_042)
        #expect(counts["tensor"] == 9)
        for table in SealedTable.sealed { #expect((counts[table.name] ?? 0) > 0, "\(table.name)") }
    }

    @Test("a changed column of any table breaks its seal", arguments: SealedTable.sealed.map(\.name))
    func seals(_ name: String) throws {
        let bench = try VerifyTests.full()
        let table = try #require(SealedTable.sealed.first { $0.name == name })
        for column in table.columns.dropFirst(table.keyCount) {
            // As SQL would change it, its foreign keys and checks left aside.
            let found: [String] = try bench.registry.withStore { store in
                try store.connection.execute(script: "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
                var findings: [String] = []
                struct Undo: Error {}
                do {
                    try store.connection.transaction {
                        let changed =
                            """
                            CASE typeof(\(column)) WHEN 'null' THEN 3 WHEN 'text' THEN \(column) || 'x'
                                WHEN 'blob' THEN CAST(substr(\(column), 1, length(\(column)) - 1) || x'55' AS BLOB)
                                ELSE \(column) + 1 END
                            """
                        try store.connection.execute("UPDATE \(name) SET \(column) = \(changed)")
                        let verifier = Verifier(store)
                        verifier.checkAll()
                        findings = verifier.report.findings.map(\.description)
                        throw Undo()
                    }
                } catch is Undo {}
                return findings
            }
            #expect(found.contains { $0.hasPrefix(name) && $0.hasSuffix("the row does not fit its seal") }, "\(column)")
        }
        #expect(try bench.registry.verify().findings == [])
    }

    @Test(
        "a missing row of any table is noticed",
        arguments: SealedTable.sealed.map(\.name) + ["chunk", "tensor", "tensor_chunk"])
    func missing(_ name: String) throws {
        let bench = try VerifyTests.full()
        try bench.registry.withStore { store in
            try store.connection.execute(script: "PRAGMA foreign_keys = OFF")
            try store.connection.transaction {
                let hash = "SELECT dataset_column.sha256 FROM dataset_column LIMIT 1"
                switch name {
                case "chunk", "tensor": try store.connection.execute("DELETE FROM \(name) WHERE sha256 = (\(hash))")
                case "tensor_chunk": try store.connection.execute("DELETE FROM tensor_chunk WHERE tensor = (\(hash))")
                default:
                    let table = try #require(SealedTable.sealed.first { $0.name == name })
                    try store.delete(try store.rows(table)[0])
                }
            }
        }
        #expect(try !bench.registry.verify().isSound)
    }

    @Test("a row that was put in is noticed")
    func added() throws {
        let bench = try VerifyTests.full()
        try bench.registry.writing { store in
            var row = try store.rows(.epoch)[2]
            row["epoch"] = .int(4)
            row["iteration"] = .int(40)
            try store.insert(row)
        }
        let findings = try bench.registry.verify().findings
        #expect(findings.map(\.description).contains("segment run=1, number=1: kept_epochs is 3, but there are 4"))
    }

    @Test("losses that were changed with their seal break the chain")
    func forged() throws {
        let bench = try VerifyTests.full()
        try bench.registry.writing { store in
            var row = try store.need(.block, [.int(2), .int(1), .int(1)])
            var bytes = try row.blob("losses")
            bytes[100] ^= 1
            row["losses"] = .blob(bytes)
            try store.update(row)
        }
        #expect(
            try bench.registry.verify().findings.map(\.description) == [
                "segment run=3, number=1: its chain has a wrong start",
                "iteration_block run=2, segment=1, block=1: it breaks the chain",
            ])
    }

    /// Of a fork (run 3) and a run that was rolled back (run 1, segment 2).
    @Test(
        "what is derived and was changed with its seal is noticed",
        arguments: [
            ("metric", "min", .real(-1), "metric run=1, name=loss: it differs from the run's line"),
            ("metric", "last_bits", .integer(5), "metric run=1, name=loss: it differs from the run's line"),
            ("run", "seconds", .real(7), "run id=1: seconds differs from its line"),
            ("run", "best_iteration", .integer(10), "run id=1: best_iteration differs from its line"),
            ("run", "metrics", .integer(4), "run id=1: metrics differs from its line"),
            ("fork", "parent_iteration", .integer(4_499), "run id=3: its first segment continues from another point"),
            (
                "segment", "epoch_start", .integer(10),
                "segment run=1, number=2: its first epoch does not begin with an epoch of its parent"
            ),
            (
                "segment", "first_epoch", .integer(2),
                "segment run=1, number=2: its first epoch does not begin with an epoch of its parent"
            ),
            ("segment", "first_iteration", .integer(99), "segment run=1, number=2: it begins outside its parent"),
            (
                "segment", "step_origin", .integer(25),
                "segment run=1, number=2: its steps and its parent's are counted from different iterations"
            ),
            (
                "segment", "iterations_per_epoch", .integer(5),
                "segment run=1, number=2: its epochs are not as long as its parent's"
            ),
            (
                "root", "step_origin", .integer(5),
                "segment run=1, number=1: it has no parent, and does not begin with the first iteration"
            ),
            (
                "root", "first_epoch", .integer(3),
                "segment run=1, number=1: it has no parent, and does not begin with the first iteration"
            ),
        ] as [(String, String, SQLiteValue, String)])
    func derived(_ kind: String, _ column: String, _ value: SQLiteValue, _ finding: String) throws {
        let bench = try VerifyTests.full()
        try bench.registry.writing { store in
            var row =
                switch kind {
                case "metric": try store.need(.metric, [.int(1), .text("loss")])
                case "segment": try store.need(.segment, [.int(1), .int(2)])
                case "root": try store.need(.segment, [.int(1), .int(1)])
                default: try store.need(.run, [.int(kind == "fork" ? 3 : 1)])
                }
            row[column] = value
            try store.update(row)
        }
        #expect(try bench.registry.verify().findings.map(\.description).contains(finding))
    }

    @Test(
        "a schema that was changed is noticed",
        arguments: [
            "CREATE TABLE extra (a)", "CREATE INDEX extra ON epoch (loss)", "DROP VIEW iterations",
            "CREATE TRIGGER extra AFTER INSERT ON run BEGIN SELECT 1; END",
        ])
    func schema(_ sql: String) throws {
        let bench = try VerifyTests.full()
        try bench.registry.withStore { store in
            try store.connection.transaction { try store.connection.execute(sql) }
        }
        #expect(try Set(bench.registry.verify().findings.map(\.table)) == ["sqlite_schema"])
    }

    @Test("readers tell of a row that does not fit its seal")
    func readers() throws {
        let bench = try VerifyTests.full()
        try bench.registry.writing { store in
            try store.connection.execute("UPDATE epoch SET loss_bits = 5 WHERE epoch = 2")
        }
        #expect {
            try bench.registry.epochs(ofRun: 1)
        } throws: { error in
            guard case RegistryError.damaged(_, "epoch run=1, segment=1, epoch=2", _) = error else { return false }
            return true
        }
    }
}
