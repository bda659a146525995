/// What is wrong with an expression, a list of sort keys or SQL that a person wrote, and where in it.
public struct QueryError: Error, Sendable, Equatable {
    /// What was written.
    public let text: String
    /// Where the fault begins, in Unicode scalars from 0; nil where it is not at one place.
    public let offset: Int?
    /// How many scalars the fault has, at least 1.
    public let length: Int
    /// What is wrong, with the values.
    public let reason: String
    /// Words that may have been meant.
    public let near: [String]
    /// What kind of text it is.
    public let kind: Kind

    /// The kinds of text that people ask with.
    public enum Kind: String, Sendable {
        /// Of `--where`.
        case expression
        /// Of `--sort`.
        case sort
        /// Of `bpreg sql`.
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
    /// What is wrong, and the column.
    public var description: String { reason + (column.map { " (column \($0))" } ?? "") }
}
