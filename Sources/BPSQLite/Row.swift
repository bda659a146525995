import CSQLite

/// The current row of a statement: valid inside the closure that receives it, and not after.
///
/// It is copyable only because Swift 6.3 crashes when it optimises closures over a noncopyable row.
package struct Row {
    let statement: Statement

    init(_ statement: Statement) { self.statement = statement }

    /// The storage class of a value in SQLite.
    package enum Kind: String, Sendable {
        case null = "NULL"
        case integer = "INTEGER"
        case real = "REAL"
        case text = "TEXT"
        case blob = "BLOB"
    }

    /// The number of columns.
    package var count: Int { Int(sqlite3_column_count(statement.pointer)) }

    /// The value of `column`, counted from 0, as the requested type: `let name: String = try row.get(1)`.
    /// - Throws: `SQLiteError` with code SQLITE_MISMATCH if the column holds another type.
    package func get<Value: SQLiteColumn>(_ column: Int, as type: Value.Type = Value.self) throws(SQLiteError) -> Value
    {
        try Value.read(self, column)
    }

    /// The storage class of `column` in this row.
    package func kind(_ column: Int) throws(SQLiteError) -> Kind {
        guard column >= 0, column < count else {
            throw SQLiteError(misuse: "column \(column) of a row of \(count)", sql: statement.sql)
        }
        switch sqlite3_column_type(statement.pointer, Int32(column)) {
        case SQLITE_INTEGER: return .integer
        case SQLITE_FLOAT: return .real
        case SQLITE_TEXT: return .text
        case SQLITE_BLOB: return .blob
        default: return .null
        }
    }

    /// Whether `column` is NULL.
    package func isNull(_ column: Int) throws(SQLiteError) -> Bool { try kind(column) == .null }

    /// Calls `body` with the bytes of a blob in SQLite's own memory; they are invalid when `body` returns.
    /// - Throws: errors of `body`, or `SQLiteError` if `column` is not a blob.
    package func withBlob<Result>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let bytes = try blobBytes(column)
        return try body(bytes)
    }

    /// `withBlob` for a body that cannot throw.
    package func withBlob<Result>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(SQLiteError) -> Result {
        let bytes = try blobBytes(column)
        return body(bytes)
    }

    private func blobBytes(_ column: Int) throws(SQLiteError) -> UnsafeRawBufferPointer {
        try expect(.blob, column)
        // The pointer first: reading the length cannot move the bytes, but the reverse can.
        let start = sqlite3_column_blob(statement.pointer, Int32(column))
        let count = Int(sqlite3_column_bytes(statement.pointer, Int32(column)))
        guard start != nil || count == 0 else { throw statement.handle.error(SQLITE_NOMEM, statement.sql) }
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    func integer(_ column: Int) throws(SQLiteError) -> Int64 {
        try expect(.integer, column)
        return sqlite3_column_int64(statement.pointer, Int32(column))
    }

    func exactly<Value: FixedWidthInteger>(_ column: Int) throws(SQLiteError) -> Value {
        let stored = try integer(column)
        guard let value = Value(exactly: stored) else {
            throw mismatch(column, "\(stored)", expected: "\(Value.self)")
        }
        return value
    }

    func real(_ column: Int) throws(SQLiteError) -> Double {
        if try kind(column) == .integer {
            let stored = sqlite3_column_int64(statement.pointer, Int32(column))
            guard let value = Double(exactly: stored) else {
                throw mismatch(column, "\(stored)", expected: Kind.real.rawValue)
            }
            return value
        }
        try expect(.real, column)
        return sqlite3_column_double(statement.pointer, Int32(column))
    }

    func text(_ column: Int) throws(SQLiteError) -> String {
        try expect(.text, column)
        let start = sqlite3_column_text(statement.pointer, Int32(column))
        let count = Int(sqlite3_column_bytes(statement.pointer, Int32(column)))
        guard let start else { throw statement.handle.error(SQLITE_NOMEM, statement.sql) }
        guard let text = String(validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) else {
            throw mismatch(column, "text that is not UTF-8", expected: Kind.text.rawValue)
        }
        return text
    }

    /// The text of a column, with invalid UTF-8 replaced, for showing text from outside.
    /// - Throws: `SQLiteError` if `column` is not a text.
    package func shownText(_ column: Int) throws(SQLiteError) -> String {
        try expect(.text, column)
        let start = sqlite3_column_text(statement.pointer, Int32(column))
        let count = Int(sqlite3_column_bytes(statement.pointer, Int32(column)))
        guard let start else { throw statement.handle.error(SQLITE_NOMEM, statement.sql) }
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func expect(_ expected: Kind, _ column: Int) throws(SQLiteError) {
        let found = try kind(column)
        guard found == expected else { throw mismatch(column, found.rawValue, expected: expected.rawValue) }
    }

    func mismatch(_ column: Int, _ found: String, expected: String) -> SQLiteError {
        let name = sqlite3_column_name(statement.pointer, Int32(column)).map { String(cString: $0) } ?? ""
        return SQLiteError(
            extendedCode: SQLITE_MISMATCH, message: "column \(column) (\(name)) holds \(found), expected \(expected)",
            sql: statement.sql)
    }
}
