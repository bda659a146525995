package import BPJSON
import BPSQLite

/// The way in which the rows of a table are written as JSON outside the registry: each as an object of its columns,
/// without those that are NULL. Columns that have a meaning in only one registry are omitted or written as references.
/// Counts are omitted because the reader counts again.
package struct RowFormat<Row: SealedRow>: Sendable {
    private let omitted: Set<String>
    private let references: Set<String>
    private let members: Set<String>
    private let placeholders: [String: JSONValue]

    /// - Parameters:
    ///   - omitted: columns that are not written.
    ///   - references: columns that are written as the name or the UUID of the row to which they refer.
    ///   - members: rows of other tables, or additional facts about the row, under names of their own.
    ///   - placeholders: values of omitted columns in a row that was read, for columns that can be neither NULL nor 0.
    package init(
        omitted: Set<String> = [], references: Set<String> = [], members: Set<String> = [],
        placeholders: [String: JSONValue] = [:]
    ) {
        (self.omitted, self.references, self.members) = (omitted, references, members)
        self.placeholders = placeholders
    }

    /// A row as JSON, with its references and members.
    package func json(_ row: Row, _ others: [String: JSONValue] = [:]) -> JSONValue {
        var object = others
        for (column, value) in zip(Row.table.columns, TableRow(row).values) where isWritten(column) {
            object[column] = value.json
        }
        return .object(object)
    }

    private func isWritten(_ column: String) -> Bool { !omitted.contains(column) && !references.contains(column) }

    /// The value of a column that is not written.
    fileprivate func placeholder(_ column: String, _ type: RowReader.Column) -> SQLiteValue? {
        guard !isWritten(column) else { return nil }
        if let value = placeholders[column] { return SQLiteValue(value, type: type.name) }
        return type.isNeeded ? .integer(0) : .null
    }

    fileprivate func read(
        _ object: [String: JSONValue], _ types: [String: RowReader.Column], _ place: String
    ) throws(RegistryError) -> ReadRow<Row> {
        func unsound(_ what: String) -> RegistryError { .unsound(place: place, what: what) }
        var values = TableRow(Row.table)
        var others: [String: JSONValue] = [:]
        for (name, value) in object {
            if references.contains(name) || members.contains(name) {
                others[name] = value
            } else if let type = types[name]?.name, Row.table.places[name] != nil, !omitted.contains(name) {
                guard let value = SQLiteValue(value, type: type) else {
                    throw unsound("\(name) is not a valid \(type)")
                }
                values[name] = value
            } else {
                throw unsound("there is no column \(name.debugDescription)")
            }
        }
        for (name, column) in types where Row.table.places[name] != nil {
            if let value = placeholder(name, column) {
                values[name] = value
            } else if column.isNeeded, values[name] == .null {
                throw unsound("\(name) is missing")
            }
        }
        do {
            let row = try Row(values)
            // A typed row holds some values once that are stored in two columns.
            let written = TableRow(row)
            if let column = Row.table.columns.first(where: { written[$0] != values[$0] }) {
                let isTwice = Row.table.places[column + "_bits"] != nil
                throw unsound(
                    isTwice ? "\(column) is not \(column)_bits" : "column \(column) holds an invalid value")
            }
            return ReadRow(row: row, rest: JSONMembers(others, place: place))
        } catch let error as BadColumn {
            guard types[error.column]?.name == "BLOB" else {
                throw unsound("column \(error.column) holds an invalid value")
            }
            throw unsound(error.column == "uuid" ? "uuid is not a UUID" : "\(error.column) is not a SHA-256")
        } catch {
            throw RegistryError(error, path: place)
        }
    }
}

/// Reads rows from JSON: every column of a row, and no unknown member.
package struct RowReader: Sendable {
    fileprivate struct Column {
        /// The type in the schema: `INTEGER`, `REAL`, `TEXT` or `BLOB`.
        let name: String
        let isNeeded: Bool
    }

    /// The columns of each sealed table.
    private let columns: [String: [String: Column]]

    /// A reader of rows in the schema of this registry.
    package init(_ store: Store) throws {
        var columns: [String: [String: Column]] = [:]
        for table in SealedTable.sealed {
            let rows = try store.connection.all(
                "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)", [table.name]
            ) { row in
                let isNeeded = try row.get(2, as: Int.self) != 0 || row.get(3, as: Int.self) != 0
                return (try row.get(0, as: String.self), Column(name: try row.get(1), isNeeded: isNeeded))
            }
            columns[table.name] = Dictionary(rows, uniquingKeysWith: { first, _ in first })
        }
        self.columns = columns
    }

    /// Reads a row.
    /// - Throws: `RegistryError.unsound` with the place.
    package func row<Row>(
        _ json: JSONValue, _ format: RowFormat<Row>, _ place: String
    ) throws(RegistryError) -> ReadRow<Row> {
        guard let object = json.object else { throw .unsound(place: place, what: "it is not an object") }
        return try format.read(object, columns[Row.table.name] ?? [:], place)
    }

    /// Reads a list of rows.
    package func rows<Row>(
        _ list: [JSONValue], _ format: RowFormat<Row>, _ place: String
    ) throws(RegistryError) -> [ReadRow<Row>] {
        var rows: [ReadRow<Row>] = []
        for (index, json) in list.enumerated() {
            rows.append(try row(json, format, "\(place), \(Row.table.name) \(index + 1)"))
        }
        return rows
    }
}

/// A row that was read from JSON.
package struct ReadRow<Row: SealedRow>: Sendable {
    package let row: Row
    /// Its references and members.
    package let rest: JSONMembers
}

extension SQLiteValue {
    /// The value in a row's JSON; nil for NULL, which is omitted.
    fileprivate var json: JSONValue? {
        switch self {
        case .null: nil
        case .integer(let value): .integer(value)
        // SQLite stores −0.0 as 0.0.
        case .real(let value): .double(value == 0 ? 0 : value)
        case .text(let value): .string(value)
        case .blob(let value): .string(hexText(value))
        }
    }

    /// The value in a column of this type; nil if the column cannot hold it.
    fileprivate init?(_ json: JSONValue, type: String) {
        switch (type, json) {
        // No registry writes a larger number, so sums do not overflow.
        case ("INTEGER", .integer(let value)) where value.magnitude <= 1 << 53: self = .integer(value)
        case ("REAL", .integer(let value)) where value.magnitude <= 1 << 53: self = .real(Double(value))
        case ("REAL", .double(let value)) where !value.isNaN: self = .real(value == 0 ? 0 : value)
        case ("REAL", .string("Infinity")): self = .real(.infinity)
        case ("REAL", .string("-Infinity")): self = .real(-.infinity)
        case ("TEXT", .string(let value)): self = .text(value)
        case ("BLOB", .string(let value)):
            guard let bytes = lowerCaseHexBytes(value) else { return nil }
            self = .blob(bytes)
        default: return nil
        }
    }
}
