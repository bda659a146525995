import Foundation
import TestSupport
import Testing

@testable import BPSQLite

@Suite("SQL that somebody else wrote")
struct InquiryTests {
    private func answer(_ db: Connection, _ sql: String, timeout: Duration = .seconds(5)) throws -> [[SQLiteValue]] {
        var rows: [[SQLiteValue]] = []
        try db.inquire(sql, within: InquiryLimits(timeout: timeout), columns: { _ in }) { row in
            rows.append(try (0..<row.count).map { try row.get($0) })
            return rows.count < 10_000
        }
        return rows
    }

    @Test("reads, with the names of the columns")
    func reads() throws {
        let database = try ScratchDatabase()
        let db = database.connection
        var names: [String] = []
        try db.inquire(
            "SELECT a, b AS letter, count(*) OVER () FROM t -- a comment", within: InquiryLimits(timeout: .seconds(5)),
            columns: { names = $0 }, row: { _ in true })
        #expect(names == ["a", "letter", "count(*) OVER ()"])
        #expect(try answer(db, "SELECT sum(a) FROM t; /* and */ -- nothing\n ; ") == [[.integer(3)]])
        #expect(
            try answer(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT i FROM n")
                .count == 3)
        #expect(try answer(db, "SELECT name FROM pragma_table_info('t')") == [[.text("a")], [.text("b")]])
        #expect(try answer(db, "SELECT value FROM json_each('[1]')") == [[.integer(1)]])
        #expect(try answer(db, "PRAGMA page_size") == [[.integer(16_384)]])
        #expect(try answer(db, "EXPLAIN QUERY PLAN SELECT * FROM t").isEmpty == false)
    }

    @Test(
        "what does not only read is refused, and changes nothing",
        arguments: [
            "INSERT INTO t VALUES (3, 'z')", "UPDATE t SET a = 0", "DELETE FROM t", "DROP TABLE t",
            "CREATE TABLE u (a)",
            "CREATE TEMP TABLE u (a)", "CREATE TEMP VIEW v AS SELECT 1", "ATTACH '/tmp/x.sqlite' AS x", "DETACH main",
            "VACUUM", "VACUUM INTO '/tmp/bpreg-x.sqlite'", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT s", "ANALYZE",
            "PRAGMA writable_schema = ON", "PRAGMA user_version = 7", "PRAGMA journal_mode = DELETE",
            "PRAGMA query_only = OFF",
            "PRAGMA temp_store_directory = '/tmp'", "PRAGMA trusted_schema = ON", "SELECT load_extension('/tmp/x.so')",
            "SELECT writefile('/tmp/x', 'y')", "SELECT 1; DELETE FROM t", "SELECT 1; SELECT 2", "", "-- nothing",
            "SELECT",
            "EXPLAIN DELETE FROM t", "UPDATE sqlite_schema SET type = 'x'", "UPDATE sqlite_master SET sql = ''",
            "ALTER TABLE t ADD COLUMN c", "INSERT INTO t SELECT * FROM t RETURNING a",
            "WITH x AS (SELECT 1) DELETE FROM t", "REPLACE INTO t VALUES (1, 'q')", "SELECT 1\u{0}; DELETE FROM t",
        ])
    func refused(sql: String) throws {
        let database = try ScratchDatabase()
        let db = database.connection
        #expect(throws: SQLiteError.self, "\(sql)") { try answer(db, sql) }
        let left = try db.all("SELECT a FROM t ORDER BY a", as: Int.self)
        #expect(left == [1, 2])
        let version = try db.value("PRAGMA user_version", as: Int.self)
        #expect(version == 1)
        // The connection writes as before.
        try db.transaction { try db.execute("INSERT INTO t VALUES (3, 'z')") }
    }

    @Test("an endless statement ends with its time; what the reader takes does not count")
    func endless() throws {
        let database = try ScratchDatabase()
        let db = database.connection
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        let error = #expect(throws: SQLiteError.self) { try answer(db, endless, timeout: .milliseconds(200)) }
        #expect(error?.isInterrupted == true)
        var rows = 0
        try db.inquire("SELECT a FROM t", within: InquiryLimits(timeout: .milliseconds(50)), columns: { _ in }) { _ in
            let start = ContinuousClock.now
            while .now - start < .milliseconds(60) {}
            rows += 1
            return true
        }
        #expect(rows == 2)
        #expect(try answer(db, "SELECT a FROM t").count == 2)
    }

    @Test("a value that fills memory is refused, and errors tell their place")
    func places() throws {
        let database = try ScratchDatabase()
        let db = database.connection
        #expect(throws: SQLiteError.self) { try answer(db, "SELECT zeroblob(100000000)") }
        let error = #expect(throws: SQLiteError.self) { try answer(db, "SELECT a, missing FROM t") }
        #expect(error?.offset == 10)
        #expect(error?.message == "no such column: missing")
        let refusal = #expect(throws: SQLiteError.self) { try answer(db, "DELETE FROM t") }
        #expect(refusal?.message == "DELETE is not allowed: only reading is")
    }
}

/// A database with a table of two rows, removed at the end.
private final class ScratchDatabase {
    let connection: Connection
    private let directory = ScratchDirectory(inMemory: false)

    init() throws {
        connection = try openWithSchema(directory.file("a.sqlite"))
        try connection.transaction {
            try connection.execute("CREATE TABLE t (a INTEGER, b TEXT)")
            try connection.execute("INSERT INTO t VALUES (1, 'x'), (2, 'y')")
        }
    }
}
