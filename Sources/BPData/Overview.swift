/// What a table holds, and which column is likely to be the target: for a person who has not said.
public struct Overview: Sendable {
    /// One column.
    public struct Entry: Sendable {
        /// The name.
        public let name: String
        /// The type.
        public let type: ColumnType
        /// How many different values.
        package let distinct: DistinctCount
        /// The value in the first row.
        public let example: String
    }

    /// The columns, in order.
    public let entries: [Entry]
    /// How many rows.
    public let rowCount: Int
    /// The column that is likely to be the target; nil if none can be one.
    public let likelyTarget: String?
    /// Why that one: one sentence.
    public let reason: String
}

/// The column that is likely to be the target.
struct ProposedTarget: Sendable {
    /// A column to choose from.
    struct Candidate {
        let name: String
        let distinct: DistinctCount
        let isNumeric: Bool
    }

    /// Its name; nil if no column can be one.
    let name: String?
    /// One sentence.
    let reason: String

    /// Names that people give to targets, the most telling first.
    private static let telling = [
        "target", "label", "class", "y", "outcome", "species", "diagnosis", "digit", "category", "survived", "quality",
        "price", "output", "response", "result",
    ]

    init(_ candidates: [Candidate], rowCount: Int) {
        let varying = candidates.filter { $0.distinct.count > 1 && ($0.isNumeric || $0.distinct.isComplete) }
        let named = ProposedTarget.telling.lazy.compactMap { word in
            varying.last { $0.name.lowercased() == word }
        }.first
        // A text of its own in each row names the row.
        let possible = varying.filter {
            $0.isNumeric || rowCount < 10 || $0.distinct.count * 10 < rowCount * 9
        }
        name = (named ?? possible.last)?.name
        if let named {
            reason = "\(Visible.text(named.name)) is a name that targets have"
        } else if let last = possible.last {
            reason =
                "\(Visible.text(last.name)) is the last column"
                + (last.name == candidates.last?.name ? "" : " that can be one")
        } else {
            reason = "no column has more than one value"
        }
    }
}

extension Overview {
    init(of table: Table) {
        entries = table.columns.map {
            Entry(name: $0.name, type: $0.type, distinct: DistinctCount(of: $0), example: $0.text(at: 0))
        }
        rowCount = table.rowCount
        let proposed = ProposedTarget(
            entries.map { .init(name: $0.name, distinct: $0.distinct, isNumeric: $0.type.isNumeric) },
            rowCount: rowCount)
        (likelyTarget, reason) = (proposed.name, proposed.reason)
    }
}

extension Table {
    /// The columns with their types and numbers of distinct values, and the likely target: a column whose name is
    /// one that targets have, else the last column that is not constant and, if text, has at most 1,000 values.
    public var overview: Overview { Overview(of: self) }
}
