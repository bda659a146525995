import BPStore

/// What `gc` frees, or would free.
public struct GarbageReport: Sendable, Equatable {
    /// Of each run, what is superseded, by number.
    public internal(set) var runs: [Run] = []
    /// How many there are of each kind, in a fixed order; also those of which there are none.
    public var kinds: [Kind] { Kind.names.map { name in counts[name] ?? Kind(name: name, count: 0, bytes: 0) } }
    /// Bytes of the registry's file before.
    public internal(set) var bytesBefore = 0
    /// Bytes of the file after; nil where nothing was freed yet.
    public internal(set) var bytesAfter: Int?
    var counts: [String: Kind] = [:]

    /// Whether there is nothing to free.
    public var isEmpty: Bool { counts.values.allSatisfy { $0.count == 0 } }

    /// What is superseded of a run.
    public struct Run: Sendable, Equatable {
        /// Its number.
        public let run: Int
        /// Iterations, in whole blocks of 4,096.
        public internal(set) var iterations = 0
        /// Epochs that ended in them.
        public internal(set) var epochs = 0
        /// Keyframes: superseded, above the budget, or never completed.
        public internal(set) var keyframes = 0
    }

    /// So many of one kind.
    public struct Kind: Sendable, Equatable {
        /// `iterations`, `epochs`, `keyframes`, `datasets`, `specs`, `tensors`, `chunks`.
        public let name: String
        /// How many.
        public internal(set) var count: Int
        /// The bytes that they hold themselves: losses, and the bytes of chunks. (The content of a keyframe or a dataset
        /// is its tensors', which others may share.)
        public internal(set) var bytes: Int

        static let names = ["iterations", "epochs", "keyframes", "datasets", "specs", "tensors", "chunks"]
    }

    mutating func add(_ name: String, _ count: Int, bytes: Int = 0) {
        var kind = counts[name] ?? Kind(name: name, count: 0, bytes: 0)
        kind.count += count
        kind.bytes += bytes
        counts[name] = kind
    }

    mutating func add(run: Int, iterations: Int = 0, epochs: Int = 0, keyframes: Int = 0) {
        var index = runs.firstIndex { $0.run >= run } ?? runs.count
        if index == runs.count || runs[index].run != run { runs.insert(Run(run: run), at: index) }
        index = min(index, runs.count - 1)
        runs[index].iterations += iterations
        runs[index].epochs += epochs
        runs[index].keyframes += keyframes
    }
}

/// A spaced keyframe of a run, which may be given up for its budget.
package struct SpacedKeyframe: Sendable, Equatable {
    /// The row's key.
    package let id: Int
    /// Where it stands.
    package let iteration: Int
    /// Bytes of its tensors.
    package let bytes: Int
}

/// Which spaced keyframes of a run to give up. Given the policy as its last attempt recorded it, and those that stand on
/// the run's line, by iteration; returns the keys of those to go.
package typealias KeyframeSurplus = (_ policyJSON: String, _ spaced: [SpacedKeyframe]) -> [Int]
