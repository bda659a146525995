import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("SQL over the registry")
struct SQLTests {
    private func answer(_ bench: Bench, _ question: SQLQuestion) throws -> (
        names: [String], rows: [[SQLCell]], isCut: Bool
    ) {
        var names: [String] = []
        var rows: [[SQLCell]] = []
        let isCut = try bench.registry.ask(question, columns: { names = $0 }, row: { rows.append($0) })
        return (names, rows, isCut)
    }

    @Test("rows are counted, and a row more than the limit is told")
    func limits() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let all = try answer(bench, SQLQuestion("SELECT iteration, loss FROM iterations WHERE run = 1 ORDER BY 1"))
        #expect(all.names == ["iteration", "loss"] && all.rows.count == 50 && !all.isCut)
        let sql = "SELECT epoch FROM epochs ORDER BY epoch"
        let exact = try answer(bench, SQLQuestion(sql, limit: 5))
        #expect(exact.rows == (1...5).map { [.integer($0)] } && !exact.isCut)
        let cut = try answer(bench, SQLQuestion(sql, limit: 4))
        #expect(cut.rows.count == 4 && cut.isCut)
        let none = try answer(bench, SQLQuestion(sql, limit: 0))
        #expect(none.rows.isEmpty && none.isCut)
        let whole = try answer(
            bench, SQLQuestion("SELECT 1e999, -1e999, NULL, x'00ff', CAST(x'61ff' AS TEXT)", limit: nil))
        #expect(whole.rows == [[.real(.infinity), .real(-.infinity), .null, .blob([0, 255]), .text("a\u{FFFD}")]])
    }

    @Test("the views over iterations give here what they give a stock shell, row by row")
    func fastViews() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let writer = try bench.createRun()
        let odd: [Float] = [
            .nan, .infinity, -.infinity, -0.0, 0, .leastNonzeroMagnitude, Float(bitPattern: 700_000),
            .greatestFiniteMagnitude,
        ]
        try writer.commit(RunCommit(losses: (0..<9_000).map { odd[$0 % odd.count] * Float($0 % 7 == 0 ? 1 : -1) }))
        try writer.close()
        for view in ["iterations", "all_iterations"] {
            let plan = try answer(bench, SQLQuestion("EXPLAIN QUERY PLAN SELECT loss FROM \(view)"))
            #expect(plan.rows.contains { $0.contains(.text("SCAN f VIRTUAL TABLE INDEX 0:")) }, "\(plan.rows)")
            let order = "ORDER BY run, segment, iteration"
            let fast = try answer(bench, SQLQuestion("SELECT * FROM \(view) \(order)", limit: nil))
            let slow = try answer(bench, SQLQuestion("SELECT * FROM main.\(view) \(order)", limit: nil))
            #expect(fast.names == slow.names)
            #expect(fast.rows.count == 9_050)
            #expect(fast.rows == slow.rows)
        }
        let none = try answer(bench, SQLQuestion("SELECT * FROM float32(NULL) UNION ALL SELECT * FROM float32('text')"))
        #expect(none.rows.isEmpty)
        let some = try answer(bench, SQLQuestion("SELECT position, value, bits FROM float32(x'0000803f0000c07f00')"))
        #expect(
            some.rows == [
                [.integer(0), .real(1), .text("3f800000")], [.integer(1), .null, .text("7fc00000")],
            ])
        #expect(throws: RegistryError.self) { try answer(bench, SQLQuestion("SELECT * FROM float32")) }
    }

    @Test("an error tells its column, time its end, and what the reader throws is its own")
    func errors() throws {
        let bench = try Bench()
        struct Own: Error {}
        func fault(_ sql: String) -> RegistryError? {
            #expect(throws: RegistryError.self) { try answer(bench, SQLQuestion(sql, timeout: .milliseconds(200))) }
        }
        guard case .badQuery(let error) = fault("SELECT 'é', missing FROM run") else {
            Issue.record("an unknown column")
            return
        }
        #expect(error.column == 13 && error.length == 7 && error.reason == "no such column: missing")
        guard case .badQuery(let refusal) = fault("ATTACH 'x' AS y") else {
            Issue.record("ATTACH")
            return
        }
        #expect(refusal.reason == "ATTACH is not allowed: only reading is")
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        #expect(fault(endless) == .tooLong(seconds: 0.2))
        #expect(throws: Own.self) {
            try bench.registry.ask(SQLQuestion("SELECT 1"), columns: { _ in }, row: { _ in throw Own() })
        }
        #expect(!FileManager.default.fileExists(atPath: "x"))
    }

    @Test("every statement of the pages runs, here and in a stock shell", arguments: ["schema.md", "query.md"])
    func documented(page: String) throws {
        let bench = try VerifyTests.full()
        let path = Project.file("docs/\(page)")
        let text = try String(contentsOf: path, encoding: .utf8)
        let blocks = text.components(separatedBy: "```sql\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        let statements = blocks.flatMap { $0.components(separatedBy: ";\n") }
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
        #expect(page != "schema.md" || statements.count >= 20)
        for statement in statements {
            let found = try answer(bench, SQLQuestion(statement, limit: nil))
            #expect(!found.names.isEmpty)
            #expect(try SQLTests.shellRows(statement, bench.path) == found.rows.count, "\(statement)")
        }
    }

    /// How many rows `sqlite3` gives; as many as are expected where there is no such program.
    private static func shellRows(_ sql: String, _ path: String) throws -> Int? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-readonly", "-json", path, sql]
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(sql)")
        guard !data.isEmpty else { return 0 }
        return (try JSONSerialization.jsonObject(with: data) as? [Any])?.count
    }
}
