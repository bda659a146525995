/// The findings of `verify`.
public struct VerifyReport: Sendable, Equatable {
    /// The mismatches; empty if the registry is sound.
    public internal(set) var findings: [Finding] = []
    /// The number of rows of each table, iterations and bytes of tensors that were checked.
    public internal(set) var counts: [Count] = []

    package init() {}

    /// Whether nothing was found.
    public var isSound: Bool { findings.isEmpty }

    /// One mismatch.
    public struct Finding: Sendable, Equatable {
        /// The table, or `sqlite` for the file's structure.
        public let table: String
        /// The row's key, empty if it is not one row.
        public let row: String
        /// The mismatch, with the values.
        public let what: String
    }

    /// The number of checked items of one kind.
    public struct Count: Sendable, Equatable {
        /// The kind.
        public let name: String
        /// Their number.
        public let value: Int
    }
}

extension VerifyReport.Finding: CustomStringConvertible {
    /// Table, row and mismatch, in one line.
    public var description: String { row.isEmpty ? "\(table): \(what)" : "\(table) \(row): \(what)" }
}
