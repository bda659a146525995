/// A fault in an expression, a list of sort keys or an SQL statement that a person wrote, and its place.
public struct QueryError: Error, Sendable, Equatable {
    /// The whole text.
    public let text: String
    /// The place where the fault begins, in Unicode scalars from 0; nil if it has no single place.
    public let offset: Int?
    /// The length of the fault in scalars, at least 1.
    public let length: Int
    /// The reason, with the values.
    public let reason: String
    /// Words that may have been meant.
    public let near: [String]
    /// The kind of text.
    public let kind: Kind

    /// The kinds of text that people write for queries.
    public enum Kind: String, Sendable {
        /// The expression of `--where`.
        case expression
        /// The keys of `--sort`.
        case sort
        /// The names of `--columns`.
        case columns
        /// The names of `--group-by`.
        case groups
        /// The statement of `bpreg sql`.
        case sql
    }

    package init(
        _ kind: Kind, _ text: String, at offset: Int?, length: Int = 1, _ reason: String, near: [String] = []
    ) {
        (self.kind, self.text, self.offset, self.length) = (kind, text, offset, max(1, length))
        (self.reason, self.near) = (reason, near)
    }

    /// The column of the fault, from 1.
    public var column: Int? { offset.map { $0 + 1 } }
}

extension QueryError: CustomStringConvertible {
    /// The reason and the column.
    public var description: String { reason + (column.map { " (column \($0))" } ?? "") }
}
