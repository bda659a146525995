import ArgumentParser
import BPRegistry

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

    /// What the library is asked.
    func query() throws -> ListQuery {
        ListQuery(where: filter, sort: sort, limit: try limit.map { try Check.atLeast(0, $0, option: "--limit") })
    }

    /// Calls `body` with each row of a list.
    func each<Row>(_ listing: Listing<Row>, _ body: (Row) throws -> Void) throws {
        while true {
            let page = try listing.next()
            if page.isEmpty { return }
            for row in page { try body(row) }
        }
    }
}
