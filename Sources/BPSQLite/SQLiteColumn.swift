/// A type that can be read from a column of a row.
///
/// Reading a column as another type is an error, never a conversion: a damaged or foreign file must not be read as if
/// it were sound. The only exception is a whole number that is read as a Double, if the Double holds it exactly.
package protocol SQLiteColumn {
    /// The value of `column`, counted from 0.
    /// - Throws: `SQLiteError` with code SQLITE_MISMATCH if the column holds another type.
    static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> Self
}

extension Int64: SQLiteColumn {
    /// An INTEGER.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> Int64 {
        try row.integer(column)
    }
}

extension Int: SQLiteColumn {
    /// An INTEGER.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> Int {
        try row.exactly(column)
    }
}

extension Int32: SQLiteColumn {
    /// An INTEGER; one outside Int32 is an error.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> Int32 {
        try row.exactly(column)
    }
}

extension UInt32: SQLiteColumn {
    /// An INTEGER; one outside UInt32 is an error.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> UInt32 {
        try row.exactly(column)
    }
}

extension Bool: SQLiteColumn {
    /// An INTEGER that is 0 or 1; any other is an error.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> Bool {
        switch try row.integer(column) {
        case 0: false
        case 1: true
        case let other: throw row.mismatch(column, "\(other)", expected: "0 or 1")
        }
    }
}

extension Double: SQLiteColumn {
    /// A REAL, or an INTEGER that a Double holds exactly.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> Double {
        try row.real(column)
    }
}

extension String: SQLiteColumn {
    /// A TEXT; invalid UTF-8 is an error.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> String {
        try row.text(column)
    }
}

extension [UInt8]: SQLiteColumn {
    /// A BLOB.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> [UInt8] {
        try row.withBlob(column) { [UInt8]($0) }
    }
}

extension Optional: SQLiteColumn where Wrapped: SQLiteColumn {
    /// NULL is `nil`.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> Wrapped? {
        if try row.isNull(column) { return nil }
        return try Wrapped.read(row, column)
    }
}

extension SQLiteValue: SQLiteColumn {
    /// Any value that the column can hold.
    package static func read(_ row: Row, _ column: Int) throws(SQLiteError) -> SQLiteValue {
        switch try row.kind(column) {
        case .null: .null
        case .integer: .integer(try row.integer(column))
        case .real: .real(try row.real(column))
        case .text: .text(try row.text(column))
        case .blob: .blob(try row.get(column))
        }
    }
}
