/// Curves as lines of text: braille dots, or ASCII if there are none.
///
/// Each curve has a letter, on the curve in some columns and in the legend, so that curves differ without colours too.
struct TerminalPlot {
    let plot: Plot
    /// Columns of a line.
    let width: Int
    let isUnicode: Bool
    let hasColour: Bool

    /// The lines, top to bottom.
    var lines: [String] {
        let heights = TerminalPlot.heights(plot.panels.count)
        var lines: [String] = []
        let axes = zip(plot.panels, heights).map { panel, rows in panel.yAxis(ticks: max(2, rows / 2)) }
        // The same for all panels, so that their x axes line up.
        let margin = (axes.flatMap(\.ticks).map { DisplayWidth.of($0.label) }.max() ?? 0) + 1
        let legends = plot.panels.map(legend)
        for (index, panel) in plot.panels.enumerated() {
            if !lines.isEmpty { lines.append("") }
            lines += self.lines(panel, rows: heights[index], margin: margin, axes[index])
            // Panels with one legend have it once, under the last of them.
            if index == legends.count - 1 || legends[index] != legends[index + 1] { lines += legends[index] }
        }
        return lines + plot.notes.flatMap { LineWrap.lines(plain($0), width: width, indent: "  ") }
    }

    /// Rows of each panel.
    private static func heights(_ panels: Int) -> [Int] {
        switch panels {
        case 1: [16]
        case 2: [14, 8]
        default: Array(repeating: 9, count: panels)
        }
    }

    private func lines(_ panel: Panel, rows: Int, margin: Int, _ y: Axis) -> [String] {
        let columns = max(8, width - margin - 1)
        let x = Axis(plot.xRange, isLogarithmic: false, isWhole: true, ticks: max(2, columns / 10))
        var canvas = Canvas(columns: columns, rows: rows, isUnicode: isUnicode)
        for mark in panel.marks { canvas.mark(x.fraction(mark.x)) }
        for (index, curve) in panel.curves.enumerated() {
            for stretch in curve.stretches {
                canvas.draw(stretch.map { (x.fraction($0.x), y.fraction($0.y)) }, curve: index)
            }
        }
        if panel.curves.count > 1 { canvas.placeLetters(panel.curves.count) }
        for (index, curve) in panel.curves.enumerated() {
            if let best = curve.best { canvas.markBest(x.fraction(best.x), y.fraction(best.y), curve: index) }
        }
        var lines = [title(panel)]
        let tickRows = Dictionary(
            y.ticks.map { (canvas.row(y.fraction($0.value)), $0.label) }, uniquingKeysWith: { first, _ in first })
        for row in 0..<rows {
            let label = DisplayWidth.padded(tickRows[row] ?? "", to: margin - 1, alignment: .right)
            let line = tickRows[row] == nil ? (isUnicode ? "│" : "|") : (isUnicode ? "┤" : "+")
            lines.append(label + " " + line + paint(canvas, row))
        }
        return lines + foot(x, columns: columns, margin: margin)
    }

    /// Text on one line, as the reader can see it.
    private func plain(_ text: String) -> String {
        let line = SafeText.line(text)
        return isUnicode ? line : PlainText.ascii(line: line)
    }

    private func title(_ panel: Panel) -> String {
        let text = plain("\(panel.title) by \(plot.xTitle)") + (panel.isLogarithmic ? ", logarithmic" : "")
        let shown = DisplayWidth.truncated(text, to: width, isUnicode: isUnicode)
        return hasColour ? "\u{1B}[1m\(shown)\u{1B}[0m" : shown
    }

    /// The x axis with its labels.
    private func foot(_ x: Axis, columns: Int, margin: Int) -> [String] {
        var line = [Character](repeating: isUnicode ? "─" : "-", count: columns)
        var labels = [Character](repeating: " ", count: margin + 1 + columns)
        var free = 0
        for tick in x.ticks {
            let column = Canvas.place(x.fraction(tick.value), of: columns)
            line[column] = isUnicode ? "┬" : "+"
            let start = min(max(margin + 1 + column - (tick.label.count - 1) / 2, 0), labels.count - tick.label.count)
            guard start >= free else { continue }
            for (offset, character) in tick.label.enumerated() { labels[start + offset] = character }
            free = start + tick.label.count + 1
        }
        let corner = isUnicode ? "└" : "+"
        return [String(repeating: " ", count: margin) + corner + String(line), TerminalPlot.trimmed(String(labels))]
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    private func legend(_ panel: Panel) -> [String] {
        var entries = panel.curves.enumerated().map { index, curve in
            let text = DisplayWidth.truncated(plain(curve.name), to: max(8, width - 4), isUnicode: isUnicode)
            let letter = String(Canvas.letter(index))
            return (text: panel.curves.count > 1 ? "\(letter) \(text)" : text, curve: Int?(index))
        }
        entries += panel.marks.map { mark in ((isUnicode ? "┊ " : ": ") + plain(mark.text), nil) }
        if let best = panel.bestText { entries.append(((isUnicode ? "● " : "* ") + plain(best), nil)) }
        // A curve whose name is the panel's needs no legend.
        if entries.count == 1, entries[0].text == panel.title { return [] }
        var lines = [""]
        var used = 0
        for entry in entries {
            let length = DisplayWidth.of(entry.text)
            if used > 0, used + 3 + length > width {
                lines.append("")
                used = 0
            }
            if used > 0 { lines[lines.count - 1] += "   " }
            used += (used > 0 ? 3 : 0) + length
            lines[lines.count - 1] += entry.curve.map { coloured(entry.text, $0) } ?? entry.text
        }
        return lines
    }

    private func paint(_ canvas: Canvas, _ row: Int) -> String {
        var line = ""
        var current: Int?
        for cell in canvas.cells(ofRow: row) {
            if hasColour, cell.curve != current {
                if current != nil { line += "\u{1B}[0m" }
                if let curve = cell.curve { line += TerminalPlot.colour(curve) }
                current = cell.curve
            }
            line.append(cell.character)
        }
        if current != nil, hasColour { line += "\u{1B}[0m" }
        return TerminalPlot.trimmed(line)
    }

    private func coloured(_ text: String, _ curve: Int) -> String {
        hasColour ? TerminalPlot.colour(curve) + text + "\u{1B}[0m" : text
    }

    /// Of the sixteen that every terminal has, and that a theme keeps readable.
    private static func colour(_ curve: Int) -> String { "\u{1B}[\([36, 33, 35, 32, 31, 34][curve % 6])m" }
}
