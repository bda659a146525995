import BPSQLite

/// A row of a sealed table as typed values.
///
/// `init` and `write` visit the columns in the table's order, each once; a test checks that they agree.
package protocol SealedRow: Sendable, Equatable {
    static var table: SealedTable { get }
    init(_ columns: inout ColumnReader) throws
    func write(to columns: inout ColumnWriter)
}

extension SealedRow {
    package init(_ row: TableRow) throws {
        var columns = ColumnReader(row)
        try self.init(&columns)
    }
}

extension TableRow {
    package init<Row: SealedRow>(_ row: Row) {
        var columns = ColumnWriter(count: Row.table.columns.count)
        row.write(to: &columns)
        self.init(Row.table, values: columns.values)
    }
}

/// Reads the values of a row, one column after the other.
package struct ColumnReader {
    private let row: TableRow
    private var place = 0

    init(_ row: TableRow) { self.row = row }

    /// The value of the next column.
    /// - Throws: `BadColumn` if the column holds a value that this package never writes.
    mutating func next<Value: StoredValue>(_ type: Value.Type = Value.self) throws -> Value {
        defer { place += 1 }
        guard let value = Value(stored: row.values[place]) else { throw bad(place) }
        return value
    }

    /// A float32 in the next two columns: the REAL for SQL, which is skipped, and the bits.
    mutating func float() throws -> Float {
        guard let value = try optionalFloat() else { throw bad(place - 1) }
        return value
    }

    /// A float32 in the next two columns; nil if it was not measured.
    mutating func optionalFloat() throws -> Float? {
        place += 2
        switch row.values[place - 1] {
        case .null: return nil
        case .integer(let bits):
            guard let bits = UInt32(exactly: bits) else { throw bad(place - 1) }
            return Float(bitPattern: bits)
        default: throw bad(place - 1)
        }
    }

    private func bad(_ place: Int) -> BadColumn { row.bad(row.table.columns[place]) }
}

/// Collects the values of a row, one column after the other.
package struct ColumnWriter {
    private(set) var values: [SQLiteValue] = []

    init(count: Int) { values.reserveCapacity(count) }

    mutating func add(_ value: some StoredValue) { values.append(value.stored) }

    /// A float32 as two columns: the REAL for SQL (NULL for a NaN), and the bits.
    mutating func add(float value: Float?) {
        values.append(value.flatMap { $0.isNaN ? nil : .real(Double($0)) } ?? .null)
        values.append(value.map { .integer(Int64($0.canonicalBits)) } ?? .null)
    }
}

extension SealedRow {
    /// The key as people see it: `run=7, segment=1`.
    package var keyText: String { TableRow(self).keyText }
}

extension Store {
    /// Checks that the number of rows found equals the number that the parent row records.
    package func check(_ found: Int, _ what: String, are count: Int, of row: some SealedRow) throws {
        guard found != count else { return }
        throw damaged("\(TableRow(row).table.name) \(row.keyText)", "\(found) \(what), but its row records \(count)")
    }
}
