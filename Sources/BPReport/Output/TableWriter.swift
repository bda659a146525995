package import BPJSON

/// Prints rows as a text table, as a JSON list of objects or as CSV, and never holds them all.
///
/// Text measures its columns over the first thousand rows and keeps those widths: a history of millions
/// streams through.
package final class TableWriter {
    private let columns: [TableColumn]
    /// The members' names as JSON, with their colons.
    private let keys: [String]
    private let format: OutputFormat
    private let output: Output
    private var waiting: [[JSONValue]] = []
    private var layout: TextLayout?
    private var count = 0

    /// A table of `columns`; a row has one value for each, in this order.
    package init(_ columns: [TableColumn], format: OutputFormat, output: Output) {
        self.columns = columns
        keys = columns.map { JSONValue.string($0.key).serialized + ":" }
        self.format = format
        self.output = output
    }

    /// Prints one row.
    package func add(_ row: [JSONValue]) throws {
        precondition(row.count == columns.count, "a row has a value for each column")
        count += 1
        switch format {
        case .json: try output.write((count == 1 ? "[\n" : ",\n") + object(row))
        case .csv:
            if count == 1 { try CSVText.write(columns.map(\.key), to: output) }
            try CSVText.write(row.map(CSVText.field), to: output)
        case .text:
            if let layout { return try output.dataLine(layout.line(row)) }
            waiting.append(row)
            if waiting.count == 1000 { try settle() }
        }
    }

    /// Ends the table. Without a row, text is `empty`, JSON is an empty list and CSV its header.
    package func finish(empty: String) throws {
        switch format {
        case .json: try output.line(count == 0 ? "[]" : "\n]")
        case .csv: if count == 0 { try CSVText.write(columns.map(\.key), to: output) }
        case .text:
            if count == 0 { try output.line(empty) } else if layout == nil { try settle() }
        }
        try output.finish()
    }

    private func settle() throws {
        let settled = TextLayout(
            columns: columns, rows: waiting, width: output.width, isUnicode: output.isUnicode)
        layout = settled
        let missing = settled.leftOut.filter { !$0.isEmpty }
        if !missing.isEmpty {
            output.note(
                "\(NumberText.counted(missing.count, "column")) left out because the terminal is too narrow: "
                    + "\(missing.prefix(8).joined(separator: ", "))\(missing.count > 8 ? ", …" : ""); --json prints all"
            )
        }
        try output.dataLine(settled.header)
        for row in waiting { try output.dataLine(settled.line(row)) }
        waiting = []
    }

    /// The members in the order of the columns: the same each time, and as the table has them.
    private func object(_ row: [JSONValue]) -> String {
        var text = "{"
        for (index, value) in row.enumerated() {
            if index > 0 { text += "," }
            text += keys[index] + value.serialized
        }
        return text + "}"
    }
}
