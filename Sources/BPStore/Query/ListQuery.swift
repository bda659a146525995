/// The rows that a list shows, their order and their number.
public struct ListQuery: Sendable, Equatable {
    /// An expression that the rows satisfy (docs/query.md); nil for all.
    public var filter: String?
    /// Names to sort by, separated by commas, with `-` in front to sort the largest first; nil for the list's own
    /// order.
    public var sort: String?
    /// The maximum number of rows; nil for all.
    public var limit: Int?

    /// A query; by default for all rows in the list's own order.
    public init(where filter: String? = nil, sort: String? = nil, limit: Int? = nil) {
        (self.filter, self.sort, self.limit) = (filter, sort, limit)
    }
}
