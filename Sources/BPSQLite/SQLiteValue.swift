/// A value as SQLite stores it.
///
/// Two floats are not preserved as `.real`: SQLite turns a bound NaN into NULL, and stores −0.0 as 0.0. ±Inf,
/// subnormals and every other Double keep their bits. If the bits matter, store the bit pattern as `.integer` or in a
/// `.blob`.
package enum SQLiteValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// A type that can replace a `?` in SQL.
package protocol SQLiteBindable {
    /// Binds self to the `?` at `position`, counted from 1.
    func bind(to statement: Statement, at position: Int) throws(SQLiteError)
}

extension SQLiteValue: SQLiteBindable {
    /// Binds the value as its own kind.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        switch self {
        case .null: try statement.bindNull(at: position)
        case .integer(let value): try statement.bind(value, at: position)
        case .real(let value): try statement.bind(value, at: position)
        case .text(let value): try statement.bind(value, at: position)
        case .blob(let value): try statement.bind(value, at: position)
        }
    }
}

extension Int64: SQLiteBindable {
    /// As INTEGER.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(self, at: position)
    }
}

extension Int: SQLiteBindable {
    /// As INTEGER.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(Int64(self), at: position)
    }
}

extension Int32: SQLiteBindable {
    /// As INTEGER.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(Int64(self), at: position)
    }
}

extension UInt32: SQLiteBindable {
    /// As INTEGER.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(Int64(self), at: position)
    }
}

extension Bool: SQLiteBindable {
    /// As INTEGER, 0 or 1.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(self ? 1 : 0 as Int64, at: position)
    }
}

extension Double: SQLiteBindable {
    /// As REAL; see `SQLiteValue` for NaN and −0.0.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(self, at: position)
    }
}

extension String: SQLiteBindable {
    /// As TEXT.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(self, at: position)
    }
}

extension [UInt8]: SQLiteBindable {
    /// As BLOB.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(self, at: position)
    }
}

extension Optional: SQLiteBindable where Wrapped: SQLiteBindable {
    /// `nil` as NULL.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        guard let value = self else { return try statement.bindNull(at: position) }
        try value.bind(to: statement, at: position)
    }
}

/// A blob that SQLite reads in place, without a copy; for large ones.
///
/// Use it only in the arguments of a call such as `execute`, which no longer uses the bytes when it returns:
/// ```swift
/// try floats.withUnsafeBytes { try db.execute("INSERT INTO chunk VALUES (?, ?)", [hash, BorrowedBytes($0)]) }
/// ```
package struct BorrowedBytes: SQLiteBindable {
    private let bytes: UnsafeRawBufferPointer

    /// The bytes, which must stay in place until the call that receives them returns.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// As BLOB, read in place.
    package func bind(to statement: Statement, at position: Int) throws(SQLiteError) {
        try statement.bind(borrowing: bytes, at: position)
    }
}
