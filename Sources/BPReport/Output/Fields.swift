import BPJSON

/// The lines about one thing: labels on the left, values beside them, in named parts.
package struct Fields {
    private var parts: [(title: String?, rows: [(label: String, text: String)])] = []

    /// Begins a part; without a title its rows follow directly.
    package mutating func part(_ title: String? = nil) {
        parts.append((title, []))
    }

    /// Adds a row if there is a value.
    package mutating func add(_ label: String, _ text: String?) {
        guard let text else { return }
        if parts.isEmpty { part() }
        parts[parts.count - 1].rows.append((label, SafeText.escaped(text)))
    }

    /// Prints all parts. Labels of all of them line up, and a value too long for a terminal is broken between words.
    package func write(to output: Output) throws {
        let parts = self.parts.map { part in
            (
                title: part.title.map(output.shown),
                rows: part.rows.map { (label: output.shown($0.label), text: output.shown($0.text)) }
            )
        }
        let width = parts.flatMap(\.rows).map { DisplayWidth.of($0.label) }.max() ?? 0
        for (index, part) in parts.enumerated() where !part.rows.isEmpty {
            if let title = part.title {
                if index > 0 { try output.line() }
                try output.dataLine(title)
            }
            for row in part.rows {
                let indent = part.title == nil ? "" : "  "
                let label = indent + DisplayWidth.padded(row.label, to: width + 2, alignment: .left)
                let margin = String(repeating: " ", count: DisplayWidth.of(label))
                let room = (output.width ?? .max) - DisplayWidth.of(label)
                let lines =
                    DisplayWidth.of(row.text) > room ? LineWrap.lines(row.text, width: room, indent: "") : [row.text]
                for (index, line) in lines.enumerated() { try output.dataLine((index == 0 ? label : margin) + line) }
            }
        }
    }
}
