import BPJSON

/// Prints rows as a text table, as a JSON list of objects or as CSV, and never holds them all.
///
/// Text measures its columns over the first thousand rows and keeps those widths: a history of millions
/// streams through.
final class TableWriter {
    private let columns: [TableColumn]
    private let format: OutputFormat
    private let output: Output
    private var waiting: [[JSONValue]] = []
    private var layout: TextLayout?
    private var count = 0

    /// A table of `columns`; a row has one value for each, in this order.
    init(_ columns: [TableColumn], format: OutputFormat, output: Output) {
        self.columns = columns
        self.format = format
        self.output = output
    }

    /// Prints one row.
    func add(_ row: [JSONValue]) throws {
        precondition(row.count == columns.count, "a row has a value for each column")
        count += 1
        switch format {
        case .json: try output.write((count == 1 ? "[\n" : ",\n") + object(row))
        case .csv:
            if count == 1 { try CSVText.write(columns.map(\.key), to: output) }
            try CSVText.write(row.map(CSVText.field), to: output)
        case .text:
            if let layout { return try output.line(layout.line(row)) }
            waiting.append(row)
            if waiting.count == 1000 { try settle() }
        }
    }

    /// Ends the table. Where there was no row, text says `empty`; JSON is an empty list, CSV its header.
    func finish(empty: String) throws {
        switch format {
        case .json: try output.line(count == 0 ? "[]" : "\n]")
        case .csv: if count == 0 { try CSVText.write(columns.map(\.key), to: output) }
        case .text:
            if count == 0 { try output.line(empty) } else if layout == nil { try settle() }
        }
        try output.finish()
    }

    private func settle() throws {
        let settled = TextLayout(columns: columns, rows: waiting, width: output.width)
        layout = settled
        try output.line(settled.header)
        for row in waiting { try output.line(settled.line(row)) }
        waiting = []
    }

    /// The members in the order of the columns: the same each time, and an eye finds them where the table has them.
    private func object(_ row: [JSONValue]) -> String {
        var text = "{"
        for (index, value) in row.enumerated() {
            if index > 0 { text += "," }
            text += "\"" + columns[index].key + "\":" + value.serialized
        }
        return text + "}"
    }
}

/// The widths of a text table, and its lines.
struct TextLayout {
    private let shown: [(index: Int, column: TableColumn, width: Int)]

    /// Measures `rows`; where they are wider than `width`, words are cut first and then columns from the right left out.
    init(columns: [TableColumn], rows: [[JSONValue]], width: Int?) {
        var shown: [(index: Int, column: TableColumn, width: Int)] = []
        for (index, column) in columns.enumerated() {
            guard let title = column.title else { continue }
            let widest = rows.reduce(DisplayWidth.of(title)) { widest, row in
                max(widest, DisplayWidth.of(SafeText.escaped(column.text(row[index]))))
            }
            shown.append((index, column, widest))
        }
        if let width { TextLayout.fit(&shown, into: width) }
        self.shown = shown
    }

    /// The titles.
    var header: String {
        assemble { DisplayWidth.truncated($0.column.title ?? "", to: $0.width) }
    }

    /// One row.
    func line(_ row: [JSONValue]) -> String {
        assemble { cell in
            let text = SafeText.escaped(cell.column.text(row[cell.index]))
            return cell.column.shrinks ? DisplayWidth.truncated(text, to: cell.width) : text
        }
    }

    private func assemble(_ text: ((index: Int, column: TableColumn, width: Int)) -> String) -> String {
        var line = ""
        for (position, cell) in shown.enumerated() {
            if position > 0 { line += "  " }
            line += DisplayWidth.padded(text(cell), to: cell.width, alignment: cell.column.alignment)
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    private static func fit(_ shown: inout [(index: Int, column: TableColumn, width: Int)], into width: Int) {
        let narrowest = 8
        func excess() -> Int { shown.reduce(2 * (shown.count - 1)) { $0 + $1.width } - width }
        while excess() > 0 {
            let widest = shown.indices.filter { shown[$0].column.shrinks && shown[$0].width > narrowest }
                .max { shown[$0].width < shown[$1].width }
            if let widest {
                shown[widest].width = max(narrowest, shown[widest].width - excess())
            } else if shown.count > 1 {
                shown.removeLast()
            } else {
                return
            }
        }
    }
}
