import BPSQLite

/// A setting of a run: the spec, flat and typed.
package struct SettingRow: Sendable, Equatable {
    package var run: Int
    package var name: String
    package var kind: SettingKind
    /// The value as SQL compares it.
    package var number: Double?
    /// The value as it is read back.
    package var text: String

    package init(
        run: Int, name: String, kind: SettingKind, number: Double? = nil, text: String
    ) {
        self.run = run
        self.name = name
        self.kind = kind
        self.number = number
        self.text = text
    }
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

/// The reads and writes of table `setting`.
package struct SettingTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(run: Int, name: String) throws -> SettingRow? { try store.find([run.stored, name.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(run: Int, name: String) throws -> SettingRow { try store.need([run.stored, name.stored]) }

    /// The settings of a run, by name.
    package func all(ofRun run: Int) throws -> [SettingRow] { try store.rows("WHERE run = ? ORDER BY name", [run]) }
}

extension Store {
    package var settings: SettingTable { SettingTable(store: self) }
}
