import BPSQLite
import CSQLite
import TestSupport
import Testing

@Suite struct ValueTests {
    let directory = ScratchDirectory()

    /// What is read back after `value` was stored in column `column` of the tests' table.
    private func stored(_ value: any SQLiteBindable, _ column: String) throws -> SQLiteValue {
        let directory = ScratchDirectory()
        let db = try openWithSchema(directory.file())
        try db.transaction { try db.execute("INSERT INTO item (\(column)) VALUES (?)", [value]) }
        return try db.value("SELECT \(column) FROM item")
    }

    @Test(arguments: [
        0, 1.5, -2.25, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNormalMagnitude,
        .greatestFiniteMagnitude, 9_007_199_254_740_992, .pi,
    ])
    func realKeepsItsBits(_ value: Double) throws {
        guard case .real(let back) = try stored(value, "weight") else {
            Issue.record("not a REAL")
            return
        }
        #expect(back.bitPattern == value.bitPattern)
    }

    /// Documented at `SQLiteValue`, and the reason why bits that matter are stored as blobs.
    @Test func nanBecomesNullAndMinusZeroLosesItsSign() throws {
        #expect(try stored(Double.nan, "weight") == .null)
        guard case .real(let zero) = try stored(-0.0, "weight") else {
            Issue.record("not a REAL")
            return
        }
        #expect(zero.sign == .plus)
    }

    @Test(arguments: ["", "x", "näme ☃", "a\0b", String(repeating: "long ", count: 10_000)])
    func textComesBack(_ text: String) throws {
        #expect(try stored(text, "name") == .text(text))
    }

    @Test(arguments: [[], [0], [0, 255, 0], [UInt8](repeating: 7, count: 1 << 20)] as [[UInt8]])
    func blobComesBack(_ bytes: [UInt8]) throws {
        #expect(try stored(bytes, "bytes") == .blob(bytes))
        let borrowed = try bytes.withUnsafeBytes { try stored(BorrowedBytes($0), "bytes") }
        #expect(borrowed == .blob(bytes))
    }

    @Test(arguments: [Int64.min, -1, 0, 1 << 53 + 1, .max])
    func integersComeBack(_ number: Int64) throws {
        #expect(try stored(number, "id") == .integer(number))
    }

    @Test func nilIsNull() throws {
        #expect(try stored(String?.none, "name") == .null)
        #expect(try stored(String?("x"), "name") == .text("x"))
        #expect(try stored(SQLiteValue.null, "bytes") == .null)
        #expect(try stored(SQLiteValue.text("y"), "name") == .text("y"))
        #expect(try stored(true, "id") == .integer(1))
        #expect(try stored(UInt32.max, "id") == .integer(4_294_967_295))
        #expect(try stored(Int32.min, "id") == .integer(-2_147_483_648))
    }

    /// A damaged database may hold anything anywhere: never a trap, never a silent conversion.
    @Test func anotherTypeThanExpectedIsAnError() throws {
        let db = try openWithSchema(directory.file())
        func refuses<Value: SQLiteColumn>(_ sql: String, _ type: Value.Type) {
            let error = #expect(throws: SQLiteError.self) { try db.value(sql, as: type) }
            #expect(error?.code == SQLITE_MISMATCH, "\(sql) as \(type)")
            #expect(error?.isDamage == true)
        }
        for sql in ["SELECT NULL", "SELECT 'x'", "SELECT x'00'", "SELECT 1.5"] {
            refuses(sql, Int.self)
            refuses(sql, Int32.self)
            refuses(sql, Int64.self)
            refuses(sql, UInt32.self)
            refuses(sql, Bool.self)
        }
        for sql in ["SELECT NULL", "SELECT 'x'", "SELECT x'00'", "SELECT 9007199254740993"] {
            refuses(sql, Double.self)
        }
        for sql in ["SELECT NULL", "SELECT 1", "SELECT x'41'", "SELECT CAST(x'ff41' AS TEXT)"] {
            refuses(sql, String.self)
        }
        for sql in ["SELECT NULL", "SELECT 1", "SELECT 'A'"] { refuses(sql, [UInt8].self) }
        refuses("SELECT 2", Bool.self)
        refuses("SELECT 2147483648", Int32.self)
        refuses("SELECT -1", UInt32.self)
        #expect(try db.value("SELECT 3", as: Double.self) == 3)
        #expect(try db.value("SELECT NULL", as: Int?.self) == nil)
        #expect(throws: SQLiteError.self) { try db.value("SELECT 'x'", as: Int?.self) }
    }

    @Test func mismatchNamesTheColumnAndNotTheValue() throws {
        let db = try openWithSchema(directory.file())
        try db.insert(1, "secret")
        let error = #expect(throws: SQLiteError.self) { try db.value("SELECT name FROM item", as: Int.self) }
        #expect(error?.message == "column 0 (name) holds TEXT, expected INTEGER")
        #expect(error?.description.contains("secret") == false)
    }

    @Test func columnOutOfRangeIsAnError() throws {
        let db = try Connection.test(directory.file())
        for column in [-1, 1, .max] {
            #expect(throws: SQLiteError.self) { try db.first("SELECT 1") { row in try row.get(column, as: Int.self) } }
        }
    }

    @Test func blobIsReadInPlace() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction { try db.execute("INSERT INTO item (bytes) VALUES (x'010203')") }
        let sum = try db.first("SELECT bytes FROM item") { row in
            try row.withBlob(0) { bytes in bytes.reduce(0) { $0 + Int($1) } }
        }
        #expect(sum == 6)
    }
}
