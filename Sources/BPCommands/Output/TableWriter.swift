import BPJSON

/// Prints rows as a text table, as a JSON list of objects or as CSV, and never holds them all.
///
/// Text measures its columns over the first thousand rows and keeps those widths: a history of millions
/// streams through.
final class TableWriter {
    private let columns: [TableColumn]
    /// The members' names as JSON, with their colons.
    private let keys: [String]
    private let format: OutputFormat
    private let output: Output
    private var waiting: [[JSONValue]] = []
    private var layout: TextLayout?
    private var count = 0
    /// The titles of the columns for which a narrow terminal had no room.
    private(set) var leftOut: [String] = []

    /// A table of `columns`; a row has one value for each, in this order.
    init(_ columns: [TableColumn], format: OutputFormat, output: Output) {
        self.columns = columns
        keys = columns.map { JSONValue.string($0.key).serialized + ":" }
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
        leftOut = settled.leftOut
        try output.line(settled.header)
        for row in waiting { try output.line(settled.line(row)) }
        waiting = []
    }

    /// The members in the order of the columns: the same each time, and an eye finds them where the table has them.
    private func object(_ row: [JSONValue]) -> String {
        var text = "{"
        for (index, value) in row.enumerated() {
            if index > 0 { text += "," }
            text += keys[index] + value.serialized
        }
        return text + "}"
    }
}

/// The widths of a text table, and its lines.
struct TextLayout {
    /// A column that is shown: its place in a row, and how wide it is.
    private typealias Cell = (index: Int, column: TableColumn, width: Int)

    private let shown: [Cell]
    /// The titles of those that are not shown.
    let leftOut: [String]

    /// Measures `rows`; where they are wider than `width`, words are cut or wrapped, and columns left out, those on
    /// the right first.
    init(columns: [TableColumn], rows: [[JSONValue]], width: Int?) {
        var shown: [Cell] = []
        for (index, column) in columns.enumerated() {
            guard let title = column.title else { continue }
            let widest = rows.reduce(DisplayWidth.of(title)) { widest, row in
                max(widest, DisplayWidth.of(SafeText.escaped(column.text(row[index]))))
            }
            shown.append((index, column, widest))
        }
        if let width, !shown.isEmpty { TextLayout.fit(&shown, into: width) }
        self.shown = shown
        let kept = Set(shown.map(\.index))
        leftOut = columns.indices.compactMap { kept.contains($0) ? nil : columns[$0].title }
    }

    /// The titles.
    var header: String {
        assemble { DisplayWidth.truncated($0.column.title ?? "", to: $0.width) }
    }

    /// One row; where its last column wraps, with lines of that alone after the first.
    func line(_ row: [JSONValue]) -> String {
        var more: [String] = []
        let first = assemble { cell in
            let text = SafeText.escaped(cell.column.text(row[cell.index]))
            if cell.column.wraps, DisplayWidth.of(text) > cell.width {
                let lines = LineWrap.lines(text, width: cell.width, indent: "")
                more = Array(lines.dropFirst())
                return lines[0]
            }
            return cell.column.shrinks ? DisplayWidth.truncated(text, to: cell.width) : text
        }
        let margin = String(repeating: " ", count: shown.dropLast().reduce(0) { $0 + $1.width + 2 })
        return ([first] + more.map { margin + $0 }).joined(separator: "\n")
    }

    private func assemble(_ text: (Cell) -> String) -> String {
        var line = ""
        for (position, cell) in shown.enumerated() {
            if position > 0 { line += "  " }
            line += DisplayWidth.padded(text(cell), to: cell.width, alignment: cell.column.alignment)
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    /// Leaves out columns from the right until the others fit with their words at their least, and lets the words have the
    /// rest.
    private static func fit(_ shown: inout [Cell], into width: Int, part: Int = 1) {
        func narrow(_ cell: Cell) -> Int {
            cell.column.shrinks ? min(cell.width, cell.column.least / part) : cell.width
        }
        func room(_ cells: [Cell]) -> Int { width - cells.reduce(2 * (cells.count - 1)) { $0 + narrow($1) } }
        var cells = shown
        while room(cells) < 0, cells.count > 1 {
            cells.remove(at: cells.lastIndex { !$0.column.stays } ?? cells.count - 1)
        }
        guard room(cells) >= 0, cells.count > 1 || part >= 4 || shown.count == 1 else {
            if part < 4 { return fit(&shown, into: width, part: part * 2) }
            shown = cells
            return
        }
        var rest = room(cells)
        shown = cells
        for index in shown.indices where shown[index].column.shrinks {
            let least = narrow(shown[index])
            let own = min(shown[index].width, least + rest)
            rest -= own - least
            shown[index].width = own
        }
    }
}
