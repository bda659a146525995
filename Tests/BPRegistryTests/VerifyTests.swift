import BPSQLite
import Foundation
import TestSupport
import Testing

@testable import BPRegistry

@Suite("Verify")
struct VerifyTests {
    /// A registry with a row in every table.
    static func full() throws -> Bench {
        let bench = try Bench()
        try bench.finishedRun(epochs: 3)
        let writer = try bench.createRun(model: "other")
        try writer.commit(Record(losses: losses(1, 9_000)))
        try writer.close()
        try bench.registry.writing { store in
            try store.insert(
                TableRow(
                    .alias,
                    ["model": .int(1), "name": .text("production"), "version": .int(1), "moved": .int(5)]))
            var model = try store.need(.model, [.int(1)])
            try model.add(1, to: "aliases")
            try store.update(model)
            var metric = TableRow(.metric, ["run": .int(1), "name": .text("loss")])
            metric.set("last", 0.25)
            try store.insert(metric)
            var run = try store.need(.run, [.int(1)])
            run["metrics"] = .int(1)
            try store.update(run)
            try store.insert(
                TableRow(
                    .pin,
                    [
                        "run": .int(1), "segment": .int(1), "iteration": .int(20), "reason": .text("good"),
                        "created": .int(6),
                    ]))
            try store.insert(
                TableRow(
                    .tag,
                    ["subject": .text("run:1"), "name": .text("kind"), "value": .text("demo"), "created": .int(7)]))
            try store.insert(
                TableRow(
                    .note,
                    ["id": .int(1), "subject": .text("run:1"), "text": .text("a note"), "created": .int(8)]))
            try store.updateRegistry { registry in
                for column in ["pins", "tags", "notes"] { try registry.add(1, to: column) }
            }
        }
        return bench
    }

    @Test("a sound registry has nothing to find, and the counts tell what was looked at")
    func sound() throws {
        let report = try VerifyTests.full().registry.verify()
        #expect(report.findings == [])
        let counts = Dictionary(uniqueKeysWithValues: report.counts.map { ($0.name, $0.value) })
        #expect(counts["run"] == 2)
        #expect(counts["iterations"] == 9_030)
        #expect(counts["tensor"] == 6)
        for table in Table.sealed { #expect((counts[table.name] ?? 0) > 0, "\(table.name)") }
    }

    @Test("a changed column of any table breaks its seal", arguments: Table.sealed.map(\.name))
    func seals(_ name: String) throws {
        let bench = try VerifyTests.full()
        let table = try #require(Table.sealed.first { $0.name == name })
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
        arguments: Table.sealed.map(\.name) + ["chunk", "tensor", "tensor_chunk"])
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
                    let table = try #require(Table.sealed.first { $0.name == name })
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
                "iteration_block run=2, segment=1, block=1: it breaks the chain"
            ])
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
