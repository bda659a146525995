public import BPStore

/// The result of a restoration.
public struct RestoreReport: Sendable, Equatable {
    /// The runs, parents first.
    public internal(set) var runs: [Run] = []
    /// The versions, run by run.
    public internal(set) var versions: [Version] = []
    /// The datasets.
    public internal(set) var datasets: [Dataset] = []
    /// The number of tensors that were written.
    public internal(set) var tensors = 0
    /// The number of these tensors that had been freed for an archive and are restored here.
    public internal(set) var tensorsReturned = 0
    /// Notes for a person: numbers that were in use, aliases that stay unchanged.
    public internal(set) var notes: [String] = []

    /// Whether something was added.
    public enum Outcome: String, Sendable {
        /// It was added.
        case added
        /// It was already here.
        case alreadyThere = "already there"
        /// A run that was here before, and that the source continues.
        case extended
    }

    /// A run.
    public struct Run: Sendable, Equatable {
        /// Its UUID.
        public let uuid: UUIDv7
        /// Its number here.
        public let number: Int
        /// Its number in the source.
        public let archivedNumber: Int
        /// The model.
        public let model: String
        /// Whether it was added or extended.
        public let outcome: Outcome
        /// The last iteration of its line, here.
        public let iterations: Int
        /// The last iteration before it was extended; nil unless it was.
        public let iterationsBefore: Int?
    }

    /// A version.
    public struct Version: Sendable, Equatable {
        /// Its UUID.
        public let uuid: UUIDv7
        /// The model.
        public let model: String
        /// Its number here.
        public let number: Int
        /// Its number in the source.
        public let archivedNumber: Int
        /// Whether it was added.
        public let outcome: Outcome
    }

    /// A dataset.
    public struct Dataset: Sendable, Equatable {
        /// Its hash.
        public let hash: SHA256Digest
        /// Its name.
        public let name: String
        /// Whether it was added; content that is restored for a dataset of which only hashes were here is `added`.
        public let outcome: Outcome
        /// Whether its content is here.
        public let isStored: Bool
    }

    /// Whether everything was already here.
    public var changedNothing: Bool {
        tensors == 0 && runs.allSatisfy { $0.outcome == .alreadyThere }
            && versions.allSatisfy { $0.outcome == .alreadyThere }
            && datasets.allSatisfy { $0.outcome == .alreadyThere }
    }
}
