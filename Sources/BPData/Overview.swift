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

extension Overview {
    /// Names that people give to targets, the most telling first.
    private static let telling = [
        "target", "label", "class", "y", "outcome", "species", "diagnosis", "digit", "category", "survived", "quality",
        "price", "output", "response", "result",
    ]

    init(of table: Table) {
        entries = table.columns.map {
            Entry(name: $0.name, type: $0.type, distinct: DistinctCount(of: $0), example: $0.text(at: 0))
        }
        rowCount = table.rowCount
        let possible = entries.filter { $0.distinct.count > 1 && ($0.type != .text || $0.distinct.isComplete) }
        let named = Overview.telling.lazy.compactMap { word in possible.last { $0.name.lowercased() == word } }.first
        likelyTarget = (named ?? possible.last)?.name
        if let named {
            reason = "\(Visible.text(named.name)) is a name that targets have"
        } else if let last = possible.last {
            reason =
                "\(Visible.text(last.name)) is the last column"
                + (last.name == entries.last?.name ? "" : " that can be one")
        } else {
            reason = "no column has more than one value"
        }
    }
}

extension Table {
    /// The columns with their types and numbers of distinct values, and the likely target: a column whose name is
    /// one that targets have, else the last column that is not constant and, if text, has at most 1,000 values.
    public var overview: Overview { Overview(of: self) }
}
