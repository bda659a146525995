package import BPStore
import Synchronization

/// Writes one run, for one attempt, through a connection of its own. Only one thread, the recorder's, may use it. Other
/// threads may read `acknowledgedIteration` and `bytesWritten`, which do not wait.
package final class RunWriter: Sendable {
    /// The run's number.
    package let run: Int
    /// The run's unique ID across registries.
    package let uuid: UUIDv7
    /// The segment to which it writes.
    package let segment: Int
    /// The attempt for which it writes.
    package let attempt: Int
    /// The last recorded iteration when the writer was created; 0 for a new run.
    package let resumedIteration: Int
    /// The last recorded epoch at that time.
    package let resumedEpoch: Int

    /// The run's end before it was taken over; nil for a new run.
    let before: StoredEnd?
    let fence: Int
    let environment: RegistryEnvironment
    private let store: Guarded<Store?>
    private let path: String
    private let acknowledged: Atomic<Int>
    private let pages: Atomic<Int>
    private let committed: Mutex<ContinuousClock.Instant>
    private let pagesAtStart: Int
    /// Why nothing can be recorded any more: the registry's file is gone from its place. What was open is saved once.
    private let lost = Mutex<RegistryError?>(nil)

    init(_ start: RunRows, before: StoredEnd?, _ store: Store, _ environment: RegistryEnvironment) throws {
        run = start.run.id
        uuid = start.run.uuid
        segment = start.segment.number
        attempt = start.attempt.number
        fence = start.run.fence
        resumedIteration = start.run.iterations
        resumedEpoch = start.run.epochs
        acknowledged = Atomic(resumedIteration)
        store.prepareForRescue()
        pagesAtStart = try store.pageCount
        pages = Atomic(pagesAtStart)
        committed = Mutex(environment.instant())
        path = store.path
        self.before = before
        self.environment = environment
        self.store = Guarded(store)
    }

    /// The last iteration whose commit has returned.
    package var acknowledgedIteration: Int { acknowledged.load(ordering: .acquiring) }

    /// Bytes by which the registry has grown since the writer was created, whichever process wrote them.
    package var bytesWritten: Int { (pages.load(ordering: .relaxed) - pagesAtStart) * Opening.pageSize }

    /// Adds the contents of `new` to the run in one transaction, renews the lease, and returns the last acknowledged
    /// iteration. Contents of more than 8 MiB take several transactions; the last one has the keyframes and the end. An
    /// empty commit writes nothing until half of the lease has passed, so a recorder with nothing to write calls it
    /// regularly.
    /// - Throws: `fencingLost` if another process took the run over; `conflict` if the commit does not continue the
    ///   recorded series; `replaced` if the registry was deleted, moved, replaced or overwritten, even if the commit is empty;
    ///   `diskFull`, `inputOutput`. The failed transaction records nothing.
    @discardableResult
    package func commit(_ new: RunCommit) throws(RegistryError) -> Int {
        // The wall clock may be set back, and the lease would run out.
        let sinceLast = environment.instant() - committed.withLock { $0 }
        if new.isEmpty, sinceLast < .microseconds(RunRows.lease / 2) {
            try use { try $0.checkPlace() }
            return acknowledgedIteration
        }
        var losses = new.losses[...]
        var epochs = new.epochs[...]
        while losses.count > Limit.losses || epochs.count > Limit.epochs {
            let piece = try transaction { rows in
                let ended = epochs.prefix(Limit.epochs)
                var count = min(losses.count, Limit.losses)
                // No iteration is recorded without the epochs that ended before it, because a run could not continue
                // from there.
                if ended.count < epochs.count, let last = ended.last {
                    count = min(count, max(0, last.iteration - rows.run.iterations))
                }
                try rows.append(losses: losses.prefix(count))
                let reached = rows.run.iterations
                let fitting = ended.prefix { $0.iteration <= reached }
                try rows.append(epochs: fitting)
                return (losses: count, epochs: fitting.count, reached: reached)
            }
            losses = losses.dropFirst(piece.losses)
            epochs = epochs.dropFirst(piece.epochs)
            acknowledged.store(piece.reached, ordering: .releasing)
            // The iterations of the epochs are missing; the next transaction reports this.
            if piece.losses + piece.epochs == 0 { break }
        }
        let iteration = try transaction { rows in
            try rows.append(losses: losses)
            try rows.append(epochs: epochs)
            for keyframe in new.keyframes { try rows.complete(keyframe) }
            for id in new.deletedKeyframes { try rows.deleteKeyframe(id) }
            if let end = new.end { try rows.end(end, former: before) }
            return rows.run.iterations
        }
        acknowledged.store(iteration, ordering: .releasing)
        return iteration
    }

    /// Moves the log into the file, as far as that needs no waiting.
    func checkpoint() throws(RegistryError) { try use { try $0.checkpoint() } }

    /// Closes the connection. A run that has not ended is interrupted from now on, and can be resumed.
    /// - Throws: `replaced` if the registry is no longer at its path: what was recorded is elsewhere.
    package func close() throws(RegistryError) {
        let fence = fence
        defer { store.withLock { $0 = nil } }
        guard store.withLock({ $0 != nil }) else { return }
        let now = environment.now()
        try use { open in
            try open.write {
                let row = try open.runs.need(run)
                var attempt = try open.attempts.need(run: run, number: self.attempt)
                guard row.fence == fence, attempt.ended == nil else { return }
                attempt.ended = now
                attempt.status = .interrupted
                try open.update(attempt)
            }
            try open.checkPlace()
            try open.close()
        }
    }

    /// Runs `body` as one write transaction on the rows of this run, which are written back at its end.
    func transaction<Result>(_ body: (inout RunRows) throws -> Result) throws(RegistryError) -> Result {
        try use { store in
            let result = try store.write {
                var rows = try RunRows(of: self, store)
                let result = try body(&rows)
                try rows.save()
                return result
            }
            committed.withLock { $0 = environment.instant() }
            pages.store(try store.pageCount, ordering: .relaxed)
            return result
        }
    }

    /// Uses the connection. If the registry's file was deleted, moved, replaced or overwritten, what is open is saved, once.
    private func use<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try store.withLock { store throws(RegistryError) in
            guard let store else { throw .internalFailure(path: path, message: "the writer is closed") }
            if let lost = lost.withLock({ $0 }) { throw lost }
            return try store.translated {
                do {
                    return try body(store)
                } catch {
                    let error = store.rescued(error, run: run, acknowledged: acknowledgedIteration)
                    if case RegistryError.replaced = error { lost.withLock { $0 = error as? RegistryError } }
                    throw error
                }
            }
        }
    }
}
