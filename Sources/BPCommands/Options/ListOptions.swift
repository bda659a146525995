import ArgumentParser
import BPRegistry
import BPReport

/// Which rows of a list are shown, in which order, how many: docs/query.md.
struct ListOptions: ParsableArguments {
    @Option(
        name: .customLong("where"), parsing: .unconditional,
        help: ArgumentHelp("Show what satisfies this alone; see docs/query.md.", valueName: "expression"))
    var filter: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Sort by these names, - in front for the largest first.", valueName: "name,-name"))
    var sort: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Show at most this many.", valueName: "n"))
    var limit: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Columns to show: any names of docs/query.md (default: what the rows differ in, and their results).",
            valueName: "name,name"))
    var columns: String?

    /// The query for the library.
    func query() throws -> ListQuery {
        ListQuery(where: filter, sort: sort, limit: try limit.map { try Check.atLeast(0, $0, option: "--limit") })
    }
}
