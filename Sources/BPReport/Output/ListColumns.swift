package import BPJSON

/// The columns of a list, each with the value that a record has there. Tables, CSV, JSON lists and the members that
/// `show` shares with a list all come from here, so that a column is added in one place.
package struct ListColumns<Record>: Sendable {
    /// The columns of a table, a JSON list or CSV.
    package let columns: [TableColumn]
    private let readers: [@Sendable (Record) -> JSONValue]

    /// Columns, each with its value of a record.
    init(_ entries: [(column: TableColumn, value: @Sendable (Record) -> JSONValue)]) {
        (columns, readers) = (entries.map(\.column), entries.map(\.value))
    }

    /// A value for each column.
    package func values(of record: Record) -> [JSONValue] { readers.map { $0(record) } }

    /// The values by their columns' keys.
    package func members(of record: Record) -> [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: zip(columns, readers).map { ($0.key, $1(record)) })
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
