import Synchronization

/// Losses on their way from the trainer to the recorder: one writer, one reader, no lock (16 MiB of float32).
///
/// The trainer never waits on the disk; it waits only if four million losses are behind.
final class LossRing: @unchecked Sendable {
    // Unchecked: each slot is written by the one writer before `head` passes it, and read by the one reader after.
    private let storage: UnsafeMutablePointer<Float>
    private let capacity: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)

    /// - Parameter capacity: a power of two.
    init(capacity: Int = 1 << 22) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
        self.capacity = capacity
        storage = .allocate(capacity: capacity)
    }

    deinit { storage.deallocate() }

    /// How many losses were ever pushed.
    var pushed: Int { head.load(ordering: .acquiring) }

    /// How many were taken.
    var position: Int { tail.load(ordering: .relaxed) }

    /// Adds a loss; false if the ring is full. For the writer alone.
    @inline(__always)
    func push(_ loss: Float) -> Bool {
        let position = head.load(ordering: .relaxed)
        guard position - tail.load(ordering: .acquiring) < capacity else { return false }
        storage[position & (capacity - 1)] = loss
        head.store(position + 1, ordering: .releasing)
        return true
    }

    /// Takes what was pushed before the count of pushes reached `end`. For the reader alone.
    func take(upTo end: Int) -> [Float] {
        let start = tail.load(ordering: .relaxed)
        let count = end - start
        guard count > 0 else { return [] }
        let losses = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count {
                buffer.initializeElement(at: index, to: storage[(start + index) & (capacity - 1)])
            }
            initialized = count
        }
        tail.store(start + count, ordering: .releasing)
        return losses
    }
}
