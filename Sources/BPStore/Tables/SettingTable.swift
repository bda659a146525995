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

    /// The settings of these runs, by run and then by name.
    package func all(ofRuns runs: [Int]) throws -> [Int: [SettingRow]] {
        let rows: [SettingRow] = try store.rows(
            "WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, name", [store.list(runs)])
        return Dictionary(grouping: rows, by: \.run)
    }

    /// The texts of some settings of these runs, by run and then by name. They serve to compare runs; their seals are not
    /// checked.
    package func texts(of names: [String], ofRuns runs: [Int]) throws -> [Int: [String: String]] {
        let marks = Array(repeating: "?", count: names.count).joined(separator: ", ")
        var texts: [Int: [String: String]] = [:]
        let list: [any SQLiteBindable] = [store.list(runs)] + names
        try store.connection.query(
            """
            SELECT run, name, text FROM setting
            WHERE run IN (SELECT value FROM json_each(?)) AND name IN (\(marks))
            """, list
        ) { row in
            let (run, name): (Int, String) = (try row.get(0), try row.get(1))
            texts[run, default: [:]][name] = try row.shownText(2)
        }
        return texts
    }

    /// The names of the settings of all runs, in order.
    package func names() throws -> [String] { try store.distinctNames("setting") }

    /// How much each setting varies among these runs, by name. Settings that none of them has are left out.
    package func variety(ofRuns runs: [Int]) throws -> [SettingVariety] {
        let found = try store.connection.all(
            """
            SELECT name, count(DISTINCT text), count(*) FROM setting
            WHERE run IN (SELECT value FROM json_each(?)) GROUP BY name ORDER BY name
            """, [store.list(runs)]
        ) { row in
            SettingVariety(name: try row.get(0), values: try row.get(1), runs: try row.get(2))
        }
        return try found.map { setting in
            if let leader = SettingWords.following[setting.name], setting.runs < runs.count {
                return try variety(of: setting.name, following: leader, ofRuns: runs)
            }
            // A spec leaves the setting out if it has this value, so no row has it.
            guard SettingWords.omitted[setting.name] != nil, setting.runs < runs.count else { return setting }
            return SettingVariety(name: setting.name, values: setting.values + 1, runs: runs.count)
        }
    }

    /// How much a setting varies that has the value of another one in the runs that have no row of it.
    private func variety(of name: String, following leader: String, ofRuns runs: [Int]) throws -> SettingVariety {
        let values = try store.connection.value(
            """
            SELECT count(DISTINCT coalesce(
                (SELECT own.text FROM setting AS own WHERE own.run = s.run AND own.name = ?), s.text))
            FROM setting AS s WHERE s.name = ? AND s.run IN (SELECT value FROM json_each(?))
            """, [name, leader, store.list(runs)], as: Int.self)
        return SettingVariety(name: name, values: values, runs: runs.count)
    }
}

/// How much a setting varies among some runs.
package struct SettingVariety: Sendable, Equatable {
    package let name: String
    /// The number of its different values.
    package let values: Int
    /// The number of runs that have it.
    package let runs: Int

    package init(name: String, values: Int, runs: Int) { (self.name, self.values, self.runs) = (name, values, runs) }
}

extension Setting {
    /// The settings that a spec leaves out if they change nothing, with the values that they have then.
    package static let omitted = SettingWords.omitted.map { Setting($0.key, $0.value) }.sorted { $0.name < $1.name }
}

extension Store {
    package var settings: SettingTable { SettingTable(store: self) }
}
