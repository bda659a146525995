import BPStore
import BPJSON
import BPSQLite

/// How the rows of a table stand in a record: an object of their columns. Keys that mean something in one registry alone
/// are left out or said in the world's terms, and so are counts, which are taken again.
struct PortableTable: Sendable {
    let table: SealedTable
    /// Columns that are left out: they follow from where the row stands.
    let omitted: Set<String>
    /// Columns that are written as the name or the UUID of what they refer to.
    let references: Set<String>
    /// Rows of other tables, or more about the row, under names of their own.
    let members: Set<String>

    private init(
        _ table: SealedTable, omitted: Set<String> = [], references: Set<String> = [], members: Set<String> = []
    ) {
        (self.table, self.omitted, self.references, self.members) = (table, omitted, references, members)
    }

    static let model = PortableTable(
        .model, omitted: ["id", "versions", "aliases", "runs"], references: ["current_version"],
        members: ["aliases", "events"])
    static let alias = PortableTable(.alias, omitted: ["model"], references: ["version"])
    static let spec = PortableTable(.spec)
    static let dataset = PortableTable(
        .dataset, omitted: ["columns", "complete"], members: ["columns", "events"])
    static let datasetColumn = PortableTable(.datasetColumn, omitted: ["dataset"])
    static let run = PortableTable(
        .run, omitted: ["segments", "attempts", "settings", "versions", "evaluations", "metrics"],
        references: ["model", "parent_run"],
        members: [
            "segments", "attempts", "settings", "metrics", "keyframes", "versions", "evaluations", "pins", "tags",
            "notes", "events",
        ])
    static let segment = PortableTable(.segment, omitted: ["run", "keyframes"], references: ["parent_run"])
    static let attempt = PortableTable(.attempt, omitted: ["run"])
    static let setting = PortableTable(.setting, omitted: ["run"])
    static let metric = PortableTable(.metric, omitted: ["run"])
    static let keyframe = PortableTable(
        .keyframe, omitted: ["id", "run", "state", "tensors"], members: ["tensors"])
    static let version = PortableTable(
        .version, omitted: ["id", "run", "tensors"], references: ["model"],
        members: ["tensors", "tags", "notes", "events"])
    static let evaluation = PortableTable(.evaluation, omitted: ["id", "run"], references: ["version"])
    static let pin = PortableTable(.pin, omitted: ["run"])
    static let tag = PortableTable(.tag, omitted: ["subject"])
    static let note = PortableTable(.note, omitted: ["subject"])
    static let event = PortableTable(.event, omitted: ["subject"])

    /// A row as JSON.
    func json(_ row: TableRow, _ others: [String: JSONValue] = [:]) -> JSONValue {
        var object = others
        for (column, value) in zip(table.columns, row.values)
        where !omitted.contains(column) && !references.contains(column) {
            object[column] = value.portable
        }
        return .object(object)
    }
}

/// A row that was read from a record: its own columns, and what else stood with it.
struct PortableRow {
    var row: TableRow
    /// References and members, by name.
    let others: [String: JSONValue]
    /// Where it stands in the record, for errors.
    let place: String

    /// The text of a reference; nil where it is NULL.
    func reference(_ name: String) throws -> String? {
        guard let value = others[name] else { return nil }
        guard let text = value.string else { throw unsound("\(name) is no text") }
        return text
    }

    /// The UUID that a reference names; nil where it is NULL.
    func uuid(_ name: String) throws -> UUIDv7? {
        guard let text = try reference(name) else { return nil }
        guard let bytes = portableBytes(text), let uuid = UUIDv7(bytes: bytes) else {
            throw unsound("\(name) is no UUID")
        }
        return uuid
    }

    /// The elements of a member, which must be there.
    func elements(_ name: String) throws -> [JSONValue] {
        guard let elements = others[name]?.array else { throw unsound("\(name) is missing or no list") }
        return elements
    }

    func unsound(_ what: String) -> RegistryError { .unsound(place: place, what: what) }
}

/// The types of all columns, as the schema declares them.
struct ColumnTypes {
    struct Column {
        let type: String
        let isNeeded: Bool
    }

    /// The columns of each sealed table.
    let columns: [String: [String: Column]]

    init(_ store: Store) throws {
        var columns: [String: [String: Column]] = [:]
        for table in SealedTable.sealed {
            let rows = try store.connection.all(
                "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)", [table.name]
            ) { row in
                let isNeeded = try row.get(2, as: Int.self) != 0 || row.get(3, as: Int.self) != 0
                return (try row.get(0, as: String.self), Column(type: try row.get(1), isNeeded: isNeeded))
            }
            columns[table.name] = Dictionary(rows, uniquingKeysWith: { first, _ in first })
        }
        self.columns = columns
    }

    /// Reads a row: every column of it, and nothing that is not known.
    func row(_ json: JSONValue, _ kind: PortableTable, _ place: String) throws -> PortableRow {
        guard let object = json.object else { throw RegistryError.unsound(place: place, what: "it is no object") }
        let types = columns[kind.table.name] ?? [:]
        var row = TableRow(kind.table)
        var others: [String: JSONValue] = [:]
        for (name, value) in object {
            if kind.references.contains(name) || kind.members.contains(name) {
                others[name] = value
            } else if let type = types[name]?.type, kind.table.places[name] != nil, !kind.omitted.contains(name) {
                guard let value = SQLiteValue(portable: value, type: type) else {
                    throw RegistryError.unsound(place: place, what: "\(name) is no \(type) that can be there")
                }
                row[name] = value
            } else {
                throw RegistryError.unsound(place: place, what: "there is no column \(name.debugDescription)")
            }
        }
        for (name, column) in types where column.isNeeded && kind.table.places[name] != nil {
            if !kind.omitted.contains(name), !kind.references.contains(name), row[name] == .null {
                throw RegistryError.unsound(place: place, what: "\(name) is missing")
            }
        }
        return PortableRow(row: row, others: others, place: place)
    }

    /// Reads a list of rows.
    func rows(_ list: [JSONValue], _ kind: PortableTable, _ place: String) throws -> [PortableRow] {
        try list.enumerated().map { try row($1, kind, "\(place), \(kind.table.name) \($0 + 1)") }
    }
}

/// The bytes that lower-case hex digits spell: a record has one text for each value, so capitals are refused.
func portableBytes(_ text: String) -> [UInt8]? {
    text.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) } ? nil : hexBytes(text)
}

extension SQLiteValue {
    /// As it stands in a record; nil for NULL, which is left out.
    var portable: JSONValue? {
        switch self {
        case .null: nil
        case .integer(let value): .integer(value)
        case .real(let value): .double(value)
        case .text(let value): .string(value)
        case .blob(let value): .string(hexText(value))
        }
    }

    /// What a column of this type holds; nil where the value cannot stand there.
    init?(portable json: JSONValue, type: String) {
        switch (type, json) {
        // No number that a registry writes is larger, and so none overflows where they are added.
        case ("INTEGER", .integer(let value)) where value.magnitude <= 1 << 53: self = .integer(value)
        case ("REAL", .integer(let value)) where value.magnitude <= 1 << 53: self = .real(Double(value))
        case ("REAL", .double(let value)) where !value.isNaN: self = .real(value == 0 ? 0 : value)
        case ("REAL", .string("Infinity")): self = .real(.infinity)
        case ("REAL", .string("-Infinity")): self = .real(-.infinity)
        case ("TEXT", .string(let value)): self = .text(value)
        case ("BLOB", .string(let value)):
            guard let bytes = portableBytes(value) else { return nil }
            self = .blob(bytes)
        default: return nil
        }
    }
}
