@testable import BPSQLite
import CSQLite
import TestSupport
import Testing

@Suite struct ConnectionTests {
    let directory = ScratchDirectory()

    @Test func rowsBecomeValues() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction {
            for (id, name) in [(1, "one"), (2, "two")] {
                try db.execute("INSERT INTO item (id, name, weight) VALUES (?, ?, ?)", [id, name, 0.5])
            }
        }
        #expect(db.changes == 1)
        #expect(try db.first("SELECT name FROM item WHERE id = ?", [2], as: String.self) == "two")
        #expect(try db.first("SELECT name FROM item WHERE id = ?", [3], as: String.self) == nil)
        #expect(try db.all("SELECT name FROM item ORDER BY id") == ["one", "two"])
        let rows = try db.all("SELECT id, name FROM item ORDER BY id") { row in
            "\(try row.get(0, as: Int.self)) \(try row.get(1, as: String.self))"
        }
        #expect(rows == ["1 one", "2 two"])
        #expect(throws: SQLiteError.self) { try db.value("SELECT id FROM item WHERE id = 9", as: Int.self) }
    }

    @Test func oneStatementTakesManyRows() throws {
        let db = try openWithSchema(directory.file())
        let sql = "INSERT INTO item (id, name, weight) VALUES (?, ?, ?)"
        func insert(_ ids: [Int64]) throws {
            try db.transaction {
                try db.execute(sql, count: ids.count) { [.integer(ids[$0]), .text("item \(ids[$0])"), .null] }
            }
        }
        try insert([1, 2, 3])
        try insert([])
        // The third row is refused, and with it the transaction. The statement is there for the next rows.
        #expect(throws: SQLiteError.self) { try insert([4, 5, 1]) }
        #expect(try db.all("SELECT id FROM item ORDER BY id", as: Int.self) == [1, 2, 3])
        try insert([4])
        #expect(try db.all("SELECT name FROM item WHERE weight IS NULL ORDER BY id", as: String.self).last == "item 4")
        #expect(throws: SQLiteError.self) { try db.transaction { try db.execute(sql, count: 1) { _ in [.null] } } }
    }

    @Test func settingsHold() throws {
        let db = try openWithSchema(directory.file())
        let expected: [(String, SQLiteValue)] = [
            ("journal_mode", .text("wal")), ("synchronous", .integer(2)), ("page_size", .integer(16384)),
            ("auto_vacuum", .integer(2)), ("foreign_keys", .integer(1)), ("trusted_schema", .integer(0)),
            ("cell_size_check", .integer(1)), ("mmap_size", .integer(0)), ("temp_store", .integer(2)),
            ("application_id", .integer(Int64(applicationID))), ("user_version", .integer(1)),
            ("busy_timeout", .integer(30000)), ("query_only", .integer(0)), ("encoding", .text("UTF-8")),
        ]
        for (pragma, value) in expected {
            // Within a transaction, since SQLite counts asking for the journal mode among the writes.
            #expect(try db.transaction { try db.value("PRAGMA \(pragma)", as: SQLiteValue.self) } == value, "\(pragma)")
        }
        for (option, value) in [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
            (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0), (SQLITE_DBCONFIG_ENABLE_VIEW, 1),
        ] as [(Int32, Int32)] {
            var found: Int32 = -1
            _ = bp_sqlite3_db_config_int(db.handle.pointer, option, -1, &found)
            #expect(found == value, "option \(option)")
        }
    }

    @Test(arguments: zip(Connection.Durability.allCases, [2, 1, 0]))
    func durabilityIsSynchronous(_ durability: Connection.Durability, _ level: Int) throws {
        let db = try Connection.test(directory.file(), durability: durability)
        #expect(try db.value("PRAGMA synchronous") == level)
    }

    @Test func doubleQuotesMakeNoStrings() throws {
        let db = try openWithSchema(directory.file())
        #expect(throws: SQLiteError.self) { try db.value("SELECT \"no such column\" FROM item", as: String.self) }
    }

    @Test func foreignKeysAreEnforced() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction { try db.execute("CREATE TABLE part (item INTEGER REFERENCES item(id)) STRICT") }
        let error = #expect(throws: SQLiteError.self) {
            try db.transaction { try db.execute("INSERT INTO part VALUES (99)") }
        }
        #expect(error?.code == SQLITE_CONSTRAINT)
        #expect(throws: SQLiteError.self) {
            try db.transaction { try db.first("INSERT INTO part VALUES (99) RETURNING item", as: Int.self) }
        }
        try db.insert(99)
        #expect(try db.transaction { try db.value("INSERT INTO part VALUES (99) RETURNING item") } == 99)
        #expect(try db.foreignKeyCheck() == [])
    }

    @Test func theSameSQLMayRunWithinItself() throws {
        let db = try openWithSchema(directory.file())
        for id in 1...3 { try db.insert(id) }
        var seen = 0
        try db.query("SELECT id FROM item") { _ in
            try db.query("SELECT id FROM item") { _ in seen += 1 }
        }
        #expect(seen == 9)
        try db.close()
    }

    @Test func wrongCallsAreErrors() throws {
        let db = try openWithSchema(directory.file())
        for (sql, bindings) in [
            ("SELECT ?", []), ("SELECT 1", [1]), ("SELECT ?, ?", [1]), ("SELECT 1; SELECT 2", []), ("", []),
            ("SELECT nothing", []), ("SELEC 1", []),
        ] as [(String, [Int])] {
            #expect(throws: SQLiteError.self, "\(sql)") { try db.query(sql, bindings) { _ in } }
        }
        #expect(try db.value("SELECT 1;\n", as: Int.self) == 1)
    }

    @Test func aWriteOutsideATransactionIsRefused() throws {
        let db = try openWithSchema(directory.file())
        let error = #expect(throws: SQLiteError.self) { try db.execute("INSERT INTO item (id) VALUES (1)") }
        #expect(error?.code == SQLITE_MISUSE)
        #expect(try db.itemCount == 0)
    }

    @Test func errorsShowTheSQLButNotTheValues() throws {
        let db = try openWithSchema(directory.file())
        try db.insert(1)
        let error = try #require(throws: SQLiteError.self) { try db.insert(1, "a secret") }
        #expect(error.extendedCode == SQLITE_CONSTRAINT | 6 << 8)  // SQLITE_CONSTRAINT_PRIMARYKEY
        #expect(error.code == SQLITE_CONSTRAINT)
        #expect(error.message == "UNIQUE constraint failed: item.id")
        #expect(error.sql == "INSERT INTO item (id, name) VALUES (?, ?)")
        #expect(!error.description.contains("secret"))
    }

    @Test func closeLeavesOneFileAndNoBusyStatement() throws {
        let db = try openWithSchema(directory.file())
        try db.insert(1)
        for _ in 0..<2 { #expect(try db.first("SELECT id FROM item", as: Int.self) == 1) }
        try db.close()
        try db.close()
        #expect(directory.files.names == ["registry.sqlite"])
        #expect(throws: SQLiteError.self) { try db.itemCount }
        #expect(throws: SQLiteError.self) { try db.insert(2) }
    }

    @Test func closeWithAStatementOpenIsRefused() throws {
        let db = try openWithSchema(directory.file())
        try db.insert(1)
        do {
            let statement = try db.prepare("SELECT id FROM item")
            #expect(try statement.step())
            let error = #expect(throws: SQLiteError.self) { try db.close() }
            #expect(error?.sql == "SELECT id FROM item")
        }
        try db.close()
    }

    @Test func closeWithinATransactionIsRefused() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction { #expect(throws: SQLiteError.self) { try db.close() } }
        try db.close()
    }

    @Test func preparedStatementRunsAgain() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction {
            let insert = try db.prepare("INSERT INTO item (id) VALUES (?)")
            for id in 1...5 {
                try insert.bind([id])
                #expect(try insert.step() == false)
            }
        }
        #expect(try db.itemCount == 5)
        try db.close()
    }

    @Test func integrityCheckTellsBrokenStructure() throws {
        let db = try openWithSchema(directory.file())
        for id in 1...2000 where id % 500 == 1 {
            try db.transaction {
                for id in id..<id + 500 {
                    try db.execute("INSERT INTO item (id, name) VALUES (?, ?)", [id, "name \(id)"])
                }
            }
        }
        #expect(try db.integrityCheck() == [])
        #expect(try db.integrityCheck(quick: true) == [])
        try db.close()
        var bytes = directory.files.read("registry.sqlite")
        // The header of a leaf page of the table, well behind the schema.
        for index in 0..<8 { bytes[16384 * (bytes.count / 16384 - 1) + index] = 0xFF }
        directory.files.write(bytes, to: "registry.sqlite")
        let damaged = try Connection.test(directory.file(), .readOnly)
        #expect(try damaged.integrityCheck() != [])
    }

    @Test func freedPagesGoBackToTheFileSystem() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction {
            for _ in 0..<20 { try db.execute("INSERT INTO item (bytes) VALUES (zeroblob(100000))") }
        }
        try db.transaction { try db.execute("DELETE FROM item") }
        let free = try db.freePages
        #expect(free > 100)
        #expect(try db.incrementalVacuum(pages: 10) == 10)
        #expect(try db.incrementalVacuum() == free - 10)
        #expect(try db.freePages == 0)
    }
}
