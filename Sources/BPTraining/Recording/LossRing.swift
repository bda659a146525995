import Synchronization

/// Losses on their way from the trainer to the recorder: one writer, one reader, no lock (16 MiB of float32).
///
/// The trainer never waits on the disk; it waits only if four million losses are behind.
final class LossRing: @unchecked Sendable {
    // Unchecked: each slot is written by the one writer before `head` passes it, and read by the one reader after.
    private let storage: UnsafeMutablePointer<Float>
    private let capacity: Int
    /// So many losses behind are worth a commit of their own.
    private let worthTaking: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)

    /// - Parameter capacity: a power of two.
    init(capacity: Int = 1 << 22) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
        self.capacity = capacity
        worthTaking = max(1, capacity / 16)
        storage = .allocate(capacity: capacity)
    }

    deinit { storage.deallocate() }

    /// How many losses were ever pushed.
    var pushed: Int { head.load(ordering: .acquiring) }

    /// How many were taken.
    var position: Int { tail.load(ordering: .relaxed) }

    /// Places for the next losses: at most `most`, one behind the other, none if the ring is full. For
    /// the writer alone.
    func room(_ most: Int) -> UnsafeMutableBufferPointer<Float> {
        let position = head.load(ordering: .relaxed)
        let free = capacity - (position - tail.load(ordering: .acquiring))
        let place = position & (capacity - 1)
        return UnsafeMutableBufferPointer(start: storage + place, count: min(most, free, capacity - place))
    }

    /// Adds so many losses that were written where `room` said. For the writer alone.
    /// - Returns: whether a sixteenth of the ring is full from now on. The reader is to be woken then: a small network
    ///   fills the ring in less than its usual wait, and what is behind at the end of a run delays it.
    func push(_ count: Int) -> Bool {
        let position = head.load(ordering: .relaxed)
        let before = position - tail.load(ordering: .relaxed)
        head.store(position + count, ordering: .releasing)
        return before < worthTaking && before + count >= worthTaking
    }

    /// Takes what was pushed before the count of pushes reached `end`. For the reader alone.
    func take(upTo end: Int) -> [Float] {
        let start = tail.load(ordering: .relaxed)
        let count = end - start
        guard count > 0 else { return [] }
        let losses = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let losses = buffer.baseAddress else { return }
            let place = start & (capacity - 1)
            let untilEnd = min(count, capacity - place)
            losses.initialize(from: storage + place, count: untilEnd)
            (losses + untilEnd).initialize(from: storage, count: count - untilEnd)
            initialized = count
        }
        tail.store(start + count, ordering: .releasing)
        return losses
    }
}
