import BPStore

/// The rows of a run that a commit changes, within its transaction. They are read at its beginning, when the fence is
/// checked, and written once at its end.
struct RunRows {
    let store: Store
    let now: Int64
    var run: RunRow
    var segment: SegmentRecord
    var attempt: AttemptRow

    /// The time for which an attempt counts as alive on another machine after its last commit: a minute.
    static let lease = RegistryEnvironment.lease

    init(store: Store, now: Int64, run: RunRow, segment: SegmentRecord, attempt: AttemptRow) {
        (self.store, self.now, self.run, self.segment, self.attempt) = (store, now, run, segment, attempt)
    }

    /// The rows for `writer` to change.
    /// - Throws: `RegistryError.fencingLost` if another process has taken the run over; `conflict` if it has ended.
    init(of writer: RunWriter, _ store: Store) throws {
        self.store = store
        now = writer.environment.now()
        run = try store.runs.need(writer.run)
        guard run.fence == writer.fence else {
            throw RegistryError.fencingLost(run: writer.run, held: writer.fence, found: run.fence)
        }
        segment = try store.segments.need(run: writer.run, number: writer.segment)
        attempt = try store.attempts.need(run: writer.run, number: writer.attempt)
        guard attempt.ended == nil else { throw conflict("attempt \(writer.attempt) has ended already") }
    }

    /// Writes the rows with a renewed lease.
    mutating func save() throws {
        run.updated = now
        attempt.leaseUntil = now + RunRows.lease
        try store.update(run)
        try store.update(segment)
        try store.update(attempt)
    }

    /// An error that describes how a commit contradicts the rows.
    func conflict(_ what: String) -> RegistryError { .conflict(place: "run \(run.id)", what: what) }

    /// Updates the run's summary and its metrics with the epochs and measures of this commit.
    mutating func summarize(_ change: (inout RunSummary) -> Void) throws {
        let before = try store.metrics.all(ofRun: run.id)
        var summary = try RunSummary(run, before)
        change(&summary)
        try store.metrics.replace(before, by: summary.metrics)
        summary.write(to: &run)
    }
}

// The series: losses in chained blocks, epochs as rows.
extension RunRows {
    /// Appends losses after the last recorded iteration. Only the segment's incomplete last block is rewritten. Blocks
    /// and chain do not depend on how the losses were divided into commits.
    mutating func append(losses: ArraySlice<Float>) throws {
        guard let last = losses.last else { return }
        let capacity = BlockRow.capacity
        let before = segment.iterations
        var remaining = losses
        var number = before / capacity
        var open = before % capacity > 0 ? try block(number) : nil
        var previous = try chain(before: number, isOpen: open != nil)
        while !remaining.isEmpty {
            let bytes = open?.losses ?? []
            let part = remaining.prefix(capacity - bytes.count / 4)
            remaining = remaining.dropFirst(part.count)
            let row = newBlock(number, bytes.appending(part), after: previous)
            try open == nil ? store.insert(row) : store.update(row)
            previous = row.chain
            open = nil
            number += 1
        }
        segment.chainEnd = previous
        segment.iterations += losses.count
        segment.keptIterations += losses.count
        if attempt.firstIteration == nil { attempt.firstIteration = run.iterations + 1 }
        run.iterations += losses.count
        attempt.lastIteration = run.iterations
        run.lastLoss = last
    }

    private func block(_ number: Int) throws -> BlockRow {
        try store.blocks.need(run: run.id, segment: segment.number, block: number)
    }

    private func newBlock(_ number: Int, _ losses: [UInt8], after previous: SHA256Digest) -> BlockRow {
        let first = segment.firstIteration + number * BlockRow.capacity
        let chain = Chain.next(
            after: previous, run: run.uuid, segment: segment.number, firstIteration: first, losses: losses)
        return BlockRow(
            run: run.id, segment: segment.number, block: number, firstIteration: first, count: losses.count / 4,
            chain: chain, losses: losses)
    }

    /// The chain's value before a block: after the one before it, or at the segment's start.
    private func chain(before number: Int, isOpen: Bool) throws -> SHA256Digest {
        if !isOpen { return segment.chainEnd }
        return number == 0 ? segment.chainStart : try block(number - 1).chain
    }

    /// Appends epochs that ended, and updates the summary.
    mutating func append(epochs: ArraySlice<EpochRecord>) throws {
        guard let last = epochs.last else { return }
        let length = segment.iterationsPerEpoch
        var next = run.epochs + 1
        var end = segment.epochStart + (next - segment.firstEpoch + 1) * length
        for epoch in epochs {
            guard epoch.epoch == next, epoch.iteration == end, end <= run.iterations else {
                throw conflict(
                    "epoch \(epoch.epoch) with iteration \(epoch.iteration) where epoch \(next) with iteration \(end) "
                        + "is due; \(run.iterations) iterations are recorded")
            }
            next += 1
            end += length
        }
        try store.epochs.insert(epochs.map { $0.row(run: run.id, segment: segment.number) })
        run.epochs = last.epoch
        try summarize { summary in for epoch in epochs { summary.add(epoch) } }
        segment.epochs += epochs.count
        segment.keptEpochs += epochs.count
    }
}

extension [UInt8] {
    /// These bytes followed by the float32s, little-endian, every NaN as 0x7FC00000.
    fileprivate func appending(_ floats: ArraySlice<Float>) -> [UInt8] {
        let before = count
        return [UInt8](unsafeUninitializedCapacity: before + 4 * floats.count) { buffer, initialized in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            withUnsafeBytes { raw.copyMemory(from: $0) }
            floats.withUnsafeBufferPointer { floats in
                for (index, value) in floats.enumerated() {
                    raw.storeBytes(
                        of: value.canonicalBits.littleEndian, toByteOffset: before + 4 * index, as: UInt32.self)
                }
            }
            initialized = before + 4 * floats.count
        }
    }
}
