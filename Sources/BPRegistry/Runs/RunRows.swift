import BPStore
import BPSQLite

/// The rows of a run that a commit changes, within its transaction: read at its beginning, when the fence is checked,
/// and written back once at its end.
struct RunRows {
    let store: Store
    let now: Int64
    var run: TableRow
    var segment: TableRow
    var attempt: TableRow

    /// How long an attempt is taken for alive, on another machine, after its last commit: a minute.
    static let lease: Int64 = 60_000_000

    init(store: Store, now: Int64, run: TableRow, segment: TableRow, attempt: TableRow) {
        (self.store, self.now, self.run, self.segment, self.attempt) = (store, now, run, segment, attempt)
    }

    /// The rows that `writer` writes.
    /// - Throws: `RegistryError.fencingLost` when another process has taken the run over; `conflict` when it has ended.
    init(of writer: RunWriter, _ store: Store) throws {
        self.store = store
        now = writer.environment.now()
        run = try store.need(.run, [.int(writer.run)])
        let found = try run.int("fence")
        guard found == writer.fence else {
            throw RegistryError.fencingLost(run: writer.run, held: writer.fence, found: found)
        }
        segment = try store.need(.segment, [.int(writer.run), .int(writer.segment)])
        attempt = try store.need(.attempt, [.int(writer.run), .int(writer.attempt)])
        guard attempt["ended"] == .null else { throw conflict("attempt \(writer.attempt) has ended already") }
    }

    /// Writes them back, the lease renewed.
    mutating func save() throws {
        run["updated"] = .integer(now)
        attempt["lease_until"] = .integer(now + RunRows.lease)
        try store.update(run)
        try store.update(segment)
        try store.update(attempt)
    }

    /// An error that tells how a record contradicts what is recorded.
    func conflict(_ what: String) -> RegistryError {
        .conflict(place: "run \((try? run.int("id")) ?? 0)", what: what)
    }
}

// The series: losses in blocks that chain, epochs as rows.
extension RunRows {
    /// Appends losses after the last recorded iteration. Only the segment's open last block is rewritten; blocks and
    /// chain come out the same however the losses were divided.
    mutating func append(losses: ArraySlice<Float>) throws {
        guard let last = losses.last else { return }
        let before = try segment.int("iterations")
        let first = try segment.int("first_iteration")
        var remaining = losses
        var block = before / Store.blockLength
        var open = before % Store.blockLength > 0 ? try blockRow(block) : nil
        var previous = try chain(before: block, isOpen: open != nil)
        while !remaining.isEmpty {
            let bytes = try open?.blob("losses") ?? []
            let part = remaining.prefix(Store.blockLength - bytes.count / 4)
            remaining = remaining.dropFirst(part.count)
            let row = try blockRow(block, first + block * Store.blockLength, bytes.appending(part), after: previous)
            try open == nil ? store.insert(row) : store.update(row)
            previous = try row.digest("chain")
            open = nil
            block += 1
        }
        segment["chain_end"] = .digest(previous)
        try segment.add(losses.count, to: "iterations")
        try segment.add(losses.count, to: "kept_iterations")
        if attempt["first_iteration"] == .null { attempt["first_iteration"] = .int(try run.int("iterations") + 1) }
        try run.add(losses.count, to: "iterations")
        attempt["last_iteration"] = run["iterations"]
        run.set("last_loss", last)
    }

    private func blockRow(_ block: Int) throws -> TableRow {
        try store.need(.block, [run["id"], segment["number"], .int(block)])
    }

    private func blockRow(
        _ block: Int, _ firstIteration: Int, _ losses: [UInt8], after previous: SHA256Digest
    ) throws -> TableRow {
        let chain = Chain.next(
            after: previous, run: try run.uuid("uuid"), segment: try segment.int("number"),
            firstIteration: firstIteration, losses: losses)
        return TableRow(
            .block,
            values: [
                run["id"], segment["number"], .int(block), .int(firstIteration), .int(losses.count / 4),
                .digest(chain), .blob(losses),
            ])
    }

    /// The chain's value before a block: after the one before it, or at the segment's start.
    private func chain(before block: Int, isOpen: Bool) throws -> SHA256Digest {
        if !isOpen { return try segment.digest("chain_end") }
        return block == 0 ? try segment.digest("chain_start") : try blockRow(block - 1).digest("chain")
    }

    /// Appends epochs that ended, and keeps the summary.
    mutating func append(epochs: ArraySlice<EpochRecord>) throws {
        guard let last = epochs.last else { return }
        let length = try segment.int("iterations_per_epoch")
        let reached = try run.int("iterations")
        var next = try run.int("epochs") + 1
        var end = try segment.int("epoch_start") + (next - segment.int("first_epoch") + 1) * length
        for epoch in epochs {
            guard epoch.epoch == next, epoch.iteration == end, end <= reached else {
                throw conflict(
                    "epoch \(epoch.epoch) with iteration \(epoch.iteration) where epoch \(next) with iteration \(end) "
                        + "is due; \(reached) iterations are recorded")
            }
            try store.insert(epoch.row(run["id"], segment["number"]))
            next += 1
            end += length
        }
        run["epochs"] = .int(last.epoch)
        try summarize { summary in for epoch in epochs { summary.add(epoch) } }
        try segment.add(epochs.count, to: "epochs")
        try segment.add(epochs.count, to: "kept_epochs")
    }
}

extension EpochRecord {
    /// The row, its values in the order of the table's columns.
    fileprivate func row(_ run: SQLiteValue, _ segment: SQLiteValue) -> TableRow {
        func real(_ value: Float?) -> SQLiteValue { value.flatMap { $0.isNaN ? nil : .real(Double($0)) } ?? .null }
        func bits(_ value: Float?) -> SQLiteValue { value.map { .integer(Int64($0.canonicalBits)) } ?? .null }
        return TableRow(
            .epoch,
            values: [
                run, segment, .int(epoch), .int(iteration), real(loss), bits(loss), real(validationLoss),
                bits(validationLoss), real(validationScore), bits(validationScore),
                .real(storedSeconds),
            ])
    }
}

extension [UInt8] {
    /// These bytes and then the float32s, little-endian, every NaN as 0x7FC00000.
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
