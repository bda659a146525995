import BPJSON

/// The widths of a text table, and its lines.
struct TextLayout {
    /// A column that is shown: its place in a row, and how wide it is.
    private typealias Cell = (index: Int, column: TableColumn, width: Int)

    private let shown: [Cell]
    private let isUnicode: Bool
    /// The titles of those that are not shown.
    let leftOut: [String]

    /// Measures `rows`. If they are wider than `width`, words are cut or wrapped, and columns are left out from the right.
    init(columns: [TableColumn], rows: [[JSONValue]], width: Int?, isUnicode: Bool = true) {
        self.isUnicode = isUnicode
        var shown: [Cell] = []
        for (index, column) in columns.enumerated() {
            guard let title = column.shownTitle(isUnicode: isUnicode) else { continue }
            let widest = rows.reduce(DisplayWidth.of(title)) { widest, row in
                max(widest, DisplayWidth.of(column.shown(row[index], isUnicode: isUnicode)))
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
        assemble { cell in
            DisplayWidth.truncated(
                cell.column.shownTitle(isUnicode: isUnicode) ?? "", to: cell.width, isUnicode: isUnicode)
        }
    }

    /// One row. If its last column wraps, lines of that column alone follow.
    func line(_ row: [JSONValue]) -> String {
        var more: [String] = []
        let first = assemble { cell in
            let text = cell.column.shown(row[cell.index], isUnicode: isUnicode)
            if cell.column.wraps, DisplayWidth.of(text) > cell.width {
                let lines = LineWrap.lines(text, width: cell.width, indent: "")
                more = Array(lines.dropFirst())
                return lines[0]
            }
            return cell.column.shrinks
                ? DisplayWidth.truncated(text, to: cell.width, isUnicode: isUnicode) : text
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
