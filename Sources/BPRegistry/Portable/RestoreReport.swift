public import BPStore

/// What a restoration brought.
public struct RestoreReport: Sendable, Equatable {
    /// The runs, parents first.
    public internal(set) var runs: [Run] = []
    /// The versions, run by run.
    public internal(set) var versions: [Version] = []
    /// The datasets.
    public internal(set) var datasets: [Dataset] = []
    /// How many tensors were written.
    public internal(set) var tensors = 0
    /// How many of these had gone to an archive and are back in their place.
    public internal(set) var tensorsBroughtBack = 0
    /// What a person should know: numbers that were taken, aliases that stay where they are.
    public internal(set) var notes: [String] = []

    /// What became of something.
    public enum Outcome: String, Sendable {
        /// It was not there.
        case added
        /// It was there.
        case alreadyThere = "already there"
    }

    /// A run.
    public struct Run: Sendable, Equatable {
        /// Its name for the world.
        public let uuid: UUIDv7
        /// Its number here.
        public let number: Int
        /// Its number where it came from.
        public let archivedNumber: Int
        /// The model.
        public let model: String
        /// What became of it.
        public let outcome: Outcome
        /// The last iteration of its line, here.
        public let iterations: Int
    }

    /// A version.
    public struct Version: Sendable, Equatable {
        /// Its name for the world.
        public let uuid: UUIDv7
        /// The model.
        public let model: String
        /// Its number here.
        public let number: Int
        /// Its number where it came from.
        public let archivedNumber: Int
        /// What became of it.
        public let outcome: Outcome
    }

    /// A dataset.
    public struct Dataset: Sendable, Equatable {
        /// Its hash.
        public let hash: SHA256Digest
        /// Its name.
        public let name: String
        /// What became of it; content that came to one that was kept as hash alone is `added`.
        public let outcome: Outcome
        /// Whether its content is here.
        public let isStored: Bool
    }

    /// Whether nothing was there that was not before.
    public var changedNothing: Bool {
        tensors == 0 && runs.allSatisfy { $0.outcome == .alreadyThere }
            && versions.allSatisfy { $0.outcome == .alreadyThere }
            && datasets.allSatisfy { $0.outcome == .alreadyThere }
    }
}
