import BPSQLite

/// A setting of a run: the spec, flat and typed.
package struct SettingRow: Sendable, Equatable {
    package var run: Int
    package var name: String
    package var kind: SettingKind
    /// The value for comparisons in SQL.
    package var number: Double?
    /// The value for reading it back.
    package var text: String
}

extension SettingRow: SealedRow {
    package static let table = SealedTable(
        "setting", key: ["run", "name"],
        [
            "kind", "number", "text",
        ])

    package init(_ columns: inout ColumnReader) throws {
        run = try columns.next()
        name = try columns.next()
        kind = try columns.next()
        number = try columns.next()
        text = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(run)
        columns.add(name)
        columns.add(kind)
        columns.add(number)
        columns.add(text)
    }
}

extension SettingRow {
    package init(run: Int, _ setting: Setting) {
        let (kind, number, text): (SettingKind, Double?, String) =
            switch setting.value {
            case .number(let value): (.number, value.isNaN ? nil : value, value.description)
            case .integer(let value): (.integer, Double(value), value.description)
            case .text(let value): (.text, nil, value)
            case .bool(let value): (.bool, value ? 1 : 0, value ? "true" : "false")
            }
        self.init(run: run, name: setting.name, kind: kind, number: number, text: text)
    }
}

extension SettingValue {
    /// The value of `kind` that `text` represents; nil if it represents none.
    package init?(_ kind: SettingKind, text: String) {
        let value: SettingValue? =
            switch kind {
            case .number: Double(text).map { .number($0) }
            case .integer: Int64(text).map { .integer($0) }
            case .text: .text(text)
            case .bool: .bool(text == "true")
            }
        guard let value else { return nil }
        self = value
    }
}

extension Setting {
    /// The setting in a row.
    /// - Throws: `BadColumn` if its text is not a value of its kind.
    package init(_ row: SettingRow) throws {
        guard let value = SettingValue(row.kind, text: row.text) else { throw TableRow(row).bad("text") }
        self.init(row.name, value)
    }
}

/// The reads and writes of table `setting`.
package struct SettingTable {
    let store: Store

    /// The settings of a run, by name.
    package func all(ofRun run: Int) throws -> [SettingRow] { try store.rows("WHERE run = ? ORDER BY name", [run]) }
}

extension Store {
    package var settings: SettingTable { SettingTable(store: self) }
}
