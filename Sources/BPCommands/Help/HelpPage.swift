import ArgumentParser
import BPReport

/// The help of bpreg or of a command as text.
///
/// ArgumentParser breaks lines inside of examples and has no place for exit codes, so its pages are replaced by these. The
/// options are those that it knows of.
struct HelpPage {
    /// Columns of a line. Examples are never broken.
    let width: Int
    /// Whether headings are bold.
    let isBold: Bool
    private var blocks: [String] = []

    /// - Parameter width: columns of the terminal. Longer lines than 100 columns are hard to read.
    init(width: Int, isBold: Bool = false) {
        self.width = max(40, min(100, width))
        self.isBold = isBold
    }

    /// The help of a command.
    static func text(of command: any Subcommand.Type, width: Int, isBold: Bool = false) -> String {
        var page = HelpPage(width: width, isBold: isBold)
        let help = command.help
        page.add(nil, LineWrap.lines(help.sentence + ".", width: page.width, indent: ""))
        page.add("Usage", help.usage.flatMap { page.wrapped($0, indent: 8) })
        page.add("Examples", HelpPage.lines(help.examples))
        page.add("Notes", Array(help.notes.map { page.wrapped($0, indent: 2) }.joined(separator: [""])))
        let sections = HelpPage.sections(of: command)
        let column = HelpPage.column(of: sections.flatMap(\.rows).map(\.label))
        for section in sections {
            page.add(section.title, section.rows.flatMap { page.row($0.label, $0.text, column: column) })
        }
        page.add("Exit codes", page.list(help.exits.map { "\($0.rawValue) \(help.meaning(of: $0))" }))
        page.add(nil, ["More: \(help.page)"])
        return page.text
    }

    /// Adds a block of lines under a heading.
    mutating func add(_ heading: String?, _ lines: [String]) {
        if lines.isEmpty { return }
        blocks.append(((heading.map { [bold($0 + ":")] } ?? []) + lines).joined(separator: "\n"))
    }

    /// The whole text.
    var text: String { blocks.joined(separator: "\n\n") }

    /// A label with its description beside it, or below it if the label is long.
    func row(_ label: String, _ text: String, column: Int) -> [String] {
        let start = "  " + label
        let lines = LineWrap.lines(text, width: width - column, indent: "")
        let margin = String(repeating: " ", count: column)
        guard start.count + 2 <= column else { return [start] + lines.map { margin + $0 } }
        return [start + margin.dropFirst(start.count) + (lines.first ?? "")] + lines.dropFirst().map { margin + $0 }
    }

    /// The column of the descriptions: behind the labels but for very long ones.
    static func column(of labels: [String]) -> Int {
        min(26, 4 + (labels.map(\.count).filter { $0 <= 22 }.max() ?? 0))
    }

    /// Examples with their remarks in one column, or each remark above its example if a line were too long.
    static func lines(_ examples: [Help.Example]) -> [String] {
        let longest = examples.map(\.command.count).max() ?? 0
        if examples.allSatisfy({ longest + 5 + $0.remark.count <= 78 }) {
            return examples.map { example in
                let blanks = String(repeating: " ", count: longest - example.command.count + 3)
                return "  " + example.command + (example.remark.isEmpty ? "" : blanks + "# " + example.remark)
            }
        }
        return examples.flatMap { ($0.remark.isEmpty ? [] : ["  # " + $0.remark]) + ["  " + $0.command] }
    }

    private typealias Section = (title: String, rows: [(label: String, text: String)])

    /// The arguments under their headings: positional ones first, options that most commands have last.
    private static func sections(of command: any Subcommand.Type) -> [Section] {
        let declared = DeclaredArgument.all(of: command)
        let global = LeadingOptions.all.filter { option in declared.contains { $0.names.contains(option.name) } }
        var sections: [Section] = [("Arguments", [])]
        for argument in declared where !global.contains(where: { argument.names.contains($0.name) }) {
            let title = argument.kind == .positional ? "Arguments" : argument.title ?? "Options"
            let row = (argument.label, argument.text)
            if let place = sections.firstIndex(where: { $0.title == title }) {
                sections[place].rows.append(row)
            } else {
                sections.append((title, [row]))
            }
        }
        let last: Section = ("Global options", global.map { (label: $0.label, text: $0.text) })
        let order = ["Arguments", "Options"]
        return order.compactMap { title in sections.first { $0.title == title } }
            + sections.filter { !order.contains($0.title) } + [last]
    }

    /// A paragraph, whose lines but the first begin `indent` columns to the right.
    private func wrapped(_ text: String, indent: Int) -> [String] {
        LineWrap.lines("  " + text, width: width, indent: String(repeating: " ", count: indent))
    }

    /// Items in a row, separated by commas and broken between items.
    private func list(_ items: [String]) -> [String] {
        let joined = items.map { $0.split(separator: " ").joined(separator: "\u{A0}") }.joined(separator: ", ")
        return wrapped(joined, indent: 2).map { String($0.map { $0 == "\u{A0}" ? " " : $0 }) }
    }

    private func bold(_ text: String) -> String { isBold ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}
