import BPSQLite

/// A table whose rows have a seal: its columns in the order in which they are hashed, its key, and those of its columns
/// that count rows of other tables.
///
/// A column's place here is part of every seal. A later schema appends columns. Because NULL is omitted from the hash,
/// rows written before keep their seals.
package final class SealedTable: Sendable {
    package let name: String
    /// All columns but `seal`.
    let columns: [String]
    /// The number of columns, from the first, that form the key.
    let keyCount: Int
    let counts: [Count]
    let places: [String: Int]

    let selectSQL: String
    let insertSQL: String
    let updateSQL: String
    let deleteSQL: String

    /// A column that records how many rows of `table` belong to a row.
    struct Count: Sendable {
        let column: String
        let table: String
        /// SQL over the child table and the parent's columns.
        let condition: String
    }

    init(_ name: String, key: [String], _ others: [String], counts: [Count] = []) {
        (self.name, columns, keyCount, self.counts) = (name, key + others, key.count, counts)
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
        let keys = key.map { "\($0) = ?" }.joined(separator: " AND ")
        selectSQL = "SELECT \(columns.joined(separator: ", ")), seal FROM \(name)"
        let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
        insertSQL = "INSERT INTO \(name) (\(columns.joined(separator: ", ")), seal) VALUES (\(marks))"
        updateSQL = "UPDATE \(name) SET \(others.map { "\($0) = ?" }.joined(separator: ", ")), seal = ? WHERE \(keys)"
        deleteSQL = "DELETE FROM \(name) WHERE \(keys)"
    }

    var key: ArraySlice<String> { columns.prefix(keyCount) }
    var keyCondition: String { key.map { "\($0) = ?" }.joined(separator: " AND ") }
}

extension SealedTable: Equatable {
    package static func == (one: SealedTable, other: SealedTable) -> Bool { one === other }
}

/// A row of a sealed table, in memory.
package struct TableRow {
    let table: SealedTable
    var values: [SQLiteValue]

    /// A row with no values yet; columns that are not set are NULL.
    init(_ table: SealedTable, _ values: [String: SQLiteValue] = [:]) {
        self.table = table
        self.values = Array(repeating: .null, count: table.columns.count)
        for (column, value) in values { self[column] = value }
    }

    init(_ table: SealedTable, values: [SQLiteValue]) { (self.table, self.values) = (table, values) }

    subscript(column: String) -> SQLiteValue {
        get { values[place(column)] }
        set { values[place(column)] = newValue }
    }

    /// The place of the column. Only this module names columns, so a missing one is a mistake in it.
    private func place(_ column: String) -> Int {
        guard let place = table.places[column] else { preconditionFailure("\(table.name) has no column \(column)") }
        return place
    }

    var key: ArraySlice<SQLiteValue> { values.prefix(table.keyCount) }

    /// The key as people see it: `run=7, segment=1`.
    var keyText: String { TableRow.text(table, Array(key)) }

    static func text(_ table: SealedTable, _ key: [SQLiteValue]) -> String {
        zip(table.key, key).map { column, value in
            switch value {
            case .integer(let number): "\(column)=\(number)"
            case .text(let text): "\(column)=\(text)"
            case .blob(let bytes): "\(column)=\(hexText(bytes.prefix(6)))"
            case .real(let number): "\(column)=\(number)"
            case .null: "\(column)=NULL"
            }
        }.joined(separator: ", ")
    }
}

/// A value in a row that this module never writes.
struct BadColumn: Error {
    let table: String
    let row: String
    let column: String
}

extension TableRow {
    func int(_ column: String) throws -> Int { try need(column, optionalInt(column)) }
    func int64(_ column: String) throws -> Int64 { Int64(try int(column)) }
    func text(_ column: String) throws -> String { try need(column, optionalText(column)) }
    func bool(_ column: String) throws -> Bool { try int(column) != 0 }

    func optionalInt(_ column: String) throws -> Int? {
        switch self[column] {
        case .integer(let value): Int(value)
        case .null: nil
        default: throw bad(column)
        }
    }

    func optionalText(_ column: String) throws -> String? {
        switch self[column] {
        case .text(let value): value
        case .null: nil
        default: throw bad(column)
        }
    }

    func real(_ column: String) throws -> Double {
        guard case .real(let value) = self[column] else { throw bad(column) }
        return value
    }

    func blob(_ column: String) throws -> [UInt8] {
        guard case .blob(let bytes) = self[column] else { throw bad(column) }
        return bytes
    }

    func digest(_ column: String) throws -> SHA256Digest {
        try need(column, SHA256Digest(bytes: try blob(column)))
    }

    func uuid(_ column: String) throws -> UUIDv7 { try need(column, UUIDv7(bytes: try blob(column))) }

    /// A float32 kept as bits in the column named with `_bits`.
    func float(_ column: String) throws -> Float { try need(column, optionalFloat(column)) }

    func optionalFloat(_ column: String) throws -> Float? {
        guard self[column + "_bits"] != .null else { return nil }
        return Float(bitPattern: try bits(column + "_bits"))
    }

    /// The bits of a float32.
    func bits(_ column: String) throws -> UInt32 { try need(column, UInt32(exactly: try int(column))) }

    func choice<Choice: RawRepresentable<String>>(_ column: String, of type: Choice.Type = Choice.self) throws
        -> Choice
    {
        try need(column, Choice(rawValue: try text(column)))
    }

    /// Sets a float32: its bits, and the REAL for SQL beside them (NULL for a NaN).
    mutating func set(_ column: String, _ value: Float?) {
        self[column] = value.flatMap { $0.isNaN ? nil : .real(Double($0)) } ?? .null
        self[column + "_bits"] = value.map { .integer(Int64($0.canonicalBits)) } ?? .null
    }

    private func need<Value>(_ column: String, _ value: Value?) throws -> Value {
        guard let value else { throw bad(column) }
        return value
    }

    func bad(_ column: String) -> BadColumn { BadColumn(table: table.name, row: keyText, column: column) }
}

extension Float {
    /// The bits; every NaN is 0x7FC00000.
    package var canonicalBits: UInt32 { isNaN ? 0x7FC0_0000 : bitPattern }
}

extension SQLiteValue {
    static func int(_ value: Int) -> SQLiteValue { .integer(Int64(value)) }
    static func int(_ value: Int?) -> SQLiteValue { value.map { .integer(Int64($0)) } ?? .null }
    static func real(_ value: Double?) -> SQLiteValue { value.map { .real($0) } ?? .null }
    static func int64(_ value: Int64?) -> SQLiteValue { value.map { .integer($0) } ?? .null }
    static func bool(_ value: Bool) -> SQLiteValue { .integer(value ? 1 : 0) }
    static func string(_ value: String?) -> SQLiteValue { value.map { .text($0) } ?? .null }
    static func digest(_ value: SHA256Digest) -> SQLiteValue { .blob(value.bytes) }
    static func uuid(_ value: UUIDv7) -> SQLiteValue { .blob(value.bytes) }
}
