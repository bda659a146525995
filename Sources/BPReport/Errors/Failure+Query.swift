import BPQuery
import BPRegistry

extension Failure {
    /// A mistake in an expression, sort keys or SQL, with a mark under it.
    init(query error: QueryError, option: RegistryLocation?, typed: [String]) {
        let source =
            switch error.kind {
            case .expression: "--where"
            case .sort: "--sort"
            case .columns: "--columns"
            case .groups: "--group-by"
            case .sql: "the SQL"
            }
        let place = error.column.map { "\(source), column \($0)" } ?? source
        self.init(
            .usage, error.reason, at: place, excerpt: Failure.excerpt(of: error),
            next: Failure.mended(error, typed: typed) ?? Failure.example(error, option))
    }

    /// The command that was typed with the nearest word in the place of the wrong one.
    private static func mended(_ error: QueryError, typed: [String]) -> String? {
        guard let near = error.near.first, let offset = error.offset else { return nil }
        var scalars = Array(error.text.unicodeScalars)
        guard offset + error.length <= scalars.count else { return nil }
        let isText = scalars[offset] == "\"" || scalars[offset] == "'"
        let quote = isText ? String(scalars[offset]) : ""
        scalars.replaceSubrange(offset..<offset + error.length, with: (quote + near + quote).unicodeScalars)
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return ShellText.command(typed, replacing: error.text, with: String(text))
    }

    private static func example(_ error: QueryError, _ option: RegistryLocation?) -> String {
        switch error.kind {
        case .expression:
            "an example: --where 'val_loss < 0.1 and not tag.draft = \"yes\"'; docs/query.md lists the names"
        case .sort: "an example: --sort val_loss,-created; docs/query.md lists the names"
        case .columns: "an example: --columns run,learning_rate,best.val_loss; docs/query.md lists the names"
        case .groups: "an example: --group-by learning_rate,optimizer; docs/query.md lists the names"
        case .sql:
            "bpreg sql\(option?.hint ?? "") 'SELECT name, sql FROM sqlite_schema'   # shows tables, views and their columns"
        }
    }

    /// The line of the fault, cut around the fault if it is long, and a line with carets.
    private static func excerpt(of error: QueryError) -> [String] {
        guard let offset = error.offset else { return [] }
        let scalars = Array(error.text.unicodeScalars)
        let start = min(offset, scalars.count)
        let lineStart = scalars[..<start].lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let lineEnd = scalars[start...].firstIndex(of: "\n") ?? scalars.count
        let from = max(lineStart, start - 50)
        let to = min(lineEnd, from + 100)
        let lead = from > lineStart ? "..." : ""
        let before = lead + shown(scalars[from..<start])
        let fault = shown(scalars[start..<max(start, min(to, start + error.length))])
        let after = shown(scalars[min(to, start + error.length)..<to]) + (to < lineEnd ? "..." : "")
        let mark =
            String(repeating: " ", count: DisplayWidth.of(before))
            + String(repeating: "^", count: max(1, DisplayWidth.of(fault)))
        return [before + fault + after, mark]
    }

    /// Text in which each control character is a space, so that a mark is exactly under the fault.
    private static func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.map { $0.properties.generalCategory == .control ? " " : $0 })
        return SafeText.escaped(String(text))
    }
}
