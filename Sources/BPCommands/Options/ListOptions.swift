import ArgumentParser
import BPRegistry
import BPReport

/// Which rows of a list are shown, in which order, how many: docs/query.md.
struct ListOptions: ParsableArguments {
    @Option(
        name: .customLong("where"), parsing: .unconditional,
        help: ArgumentHelp("Condition on the rows to list (default: all rows)", valueName: "expression"))
    var filter: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Names to sort by, with - in front for the largest first (default: newest first)", valueName: "name,-name"))
    var sort: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Largest number of rows to list (default: all)", valueName: "n"))
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
