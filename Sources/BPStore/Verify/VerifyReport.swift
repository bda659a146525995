/// The findings of `verify`.
public struct VerifyReport: Sendable, Equatable {
    /// What does not fit; empty if the registry is sound.
    public internal(set) var findings: [Finding] = []
    /// How many rows of each table, iterations and bytes of tensors were checked.
    public internal(set) var counts: [Count] = []

    package init() {}

    /// Whether nothing was found.
    public var isSound: Bool { findings.isEmpty }

    /// One thing that does not fit.
    public struct Finding: Sendable, Equatable {
        /// The table, or `sqlite` for the file's structure.
        public let table: String
        /// The row's key, empty if it is not one row.
        public let row: String
        /// What does not fit.
        public let what: String
    }

    /// How many of one kind were checked.
    public struct Count: Sendable, Equatable {
        /// The kind.
        public let name: String
        /// How many.
        public let value: Int
    }
}

extension VerifyReport.Finding: CustomStringConvertible {
    /// Table, row and what does not fit, in one line.
    public var description: String { row.isEmpty ? "\(table): \(what)" : "\(table) \(row): \(what)" }
}
