package import BPJSON

/// The columns of a list, each with the value that a record has there. Tables, CSV, JSON lists and the members that
/// `show` shares with a list all come from here, so that a column is added in one place.
package struct ListColumns<Record>: Sendable {
    /// A column, and its value of a record.
    typealias Column = (column: TableColumn, value: @Sendable (Record) -> JSONValue)

    private let entries: [Column]

    init(_ entries: [Column]) { self.entries = entries }

    /// How the columns look.
    package var columns: [TableColumn] { entries.map(\.column) }

    /// A value for each column.
    package func values(of record: Record) -> [JSONValue] { entries.map { $0.value(record) } }

    /// The values by their columns' keys.
    package func members(of record: Record) -> [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.column.key, $0.value(record)) })
    }

    /// Prints `records` as a table, a JSON list or CSV.
    /// - Parameter empty: the text of a table without rows.
    package func write(
        _ records: some Sequence<Record>, as format: OutputFormat, empty: String = "", to output: Output
    ) throws {
        let table = TableWriter(columns, format: format, output: output)
        for record in records { try table.add(values(of: record)) }
        try table.finish(empty: empty)
    }
}
