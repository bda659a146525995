import BPStore

/// The rows and bytes that `gc` frees, or would free.
public struct GarbageReport: Sendable, Equatable {
    /// The superseded parts of each run, by number.
    public internal(set) var runs: [Run] = []
    /// The deletions that can no longer be undone, the oldest first.
    public internal(set) var deletions: [KeptDeletion] = []
    /// The number of each kind, in a fixed order, including kinds without any.
    public var kinds: [Kind] { Kind.names.map { name in counts[name] ?? Kind(name: name, count: 0, bytes: 0) } }
    /// The size of the registry's file before, in bytes.
    public internal(set) var bytesBefore = 0
    /// The size of the file after, in bytes; nil if nothing was freed yet.
    public internal(set) var bytesAfter: Int?
    var counts: [String: Kind] = [:]

    /// Whether there is nothing to free.
    public var isEmpty: Bool { counts.values.allSatisfy { $0.count == 0 } }

    /// The superseded part of a run.
    public struct Run: Sendable, Equatable {
        /// Its number.
        public let run: Int
        /// Iterations, in whole blocks of 4,096.
        public internal(set) var iterations = 0
        /// The epochs that ended in them.
        public internal(set) var epochs = 0
        /// Keyframes that are superseded, exceed the budget, or were never completed.
        public internal(set) var keyframes = 0
    }

    /// The number and bytes of one kind.
    public struct Kind: Sendable, Equatable {
        /// `iterations`, `epochs`, `keyframes`, `datasets`, `specs`, `tensors`, `chunks`, `deletions`.
        public let name: String
        /// Their number.
        public internal(set) var count: Int
        /// Their own bytes: losses, the bytes of chunks, and the rows kept of deletions. (The content of a keyframe or a dataset belongs to its
        /// tensors, which it may share.)
        public internal(set) var bytes: Int

        static let names = ["iterations", "epochs", "keyframes", "datasets", "specs", "tensors", "chunks", "deletions"]
    }

    mutating func add(_ name: String, _ count: Int, bytes: Int = 0) {
        var kind = counts[name] ?? Kind(name: name, count: 0, bytes: 0)
        kind.count += count
        kind.bytes += bytes
        counts[name] = kind
    }

    /// Adds a deletion that can no longer be undone, and the rows that are kept of it.
    mutating func add(_ deletion: DeletionRow, in store: Store) throws {
        deletions.append(try KeptDeletion(deletion, in: store))
        add("deletions", 1, bytes: try store.deletions.bytes(of: deletion.id))
    }

    /// Adds the content that was freed, or would be.
    mutating func add(_ content: FreedContent) {
        add("tensors", content.tensors)
        add("chunks", content.chunks, bytes: content.bytes)
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
