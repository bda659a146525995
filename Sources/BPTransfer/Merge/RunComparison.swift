import BPRegistry
import BPStore

/// Compares a run of a source with the same run here (they have one UUID): segment by segment, by the chain of losses.
struct RunComparison {
    let run: TransferContents.Run
    let row: RunRow
    let restoration: Restoration
    let store: Store
    /// The segments here.
    let here: [SegmentRecord]

    init(_ run: TransferContents.Run, _ row: RunRow, _ restoration: Restoration, _ store: Store) throws {
        (self.run, self.row, self.restoration, self.store) = (run, row, restoration, store)
        here = try store.segments.all(ofRun: row.id)
    }

    /// - Returns: what the run here gains; nil if it holds all of the other one.
    /// - Throws: `RegistryError.conflict` if neither continues the other, or if nothing proves that it does; `alive` if
    ///   the run here gains something and its process is alive.
    func gain() throws -> RunExtension? {
        guard row.spec == run.row.spec, row.dataset == run.row.dataset else {
            throw conflict("its settings or its data are others")
        }
        var longer: [Int] = []
        for (mine, theirs) in zip(here, run.segments) where try isLonger(theirs.row, theirs.parent, than: mine) {
            longer.append(mine.number)
        }
        let attempts = try AttemptMatch(run.attempts, here: store.attempts.all(ofRun: row.id))
        let line = try lineThere()
        let parting = try parting(line, attempts)
        if longer.isEmpty && run.segments.count <= here.count {
            // Every iteration is here. The other one may still have ended, or have undone a rollback, since.
            let hasMoved = row.headSegment != run.row.headSegment || StoredEnd(row) != StoredEnd(run.row)
            // One that is being resumed there has not moved yet.
            guard hasMoved, run.row.status != nil, attempts.isContinuation, parting == nil else { return nil }
        } else if let parting {
            throw conflict(parting)
        }
        try row.refuseIfAlive(in: store)
        return try RunExtension(self, longer: longer, attempts: attempts)
    }

    /// The error that the two histories contradict each other.
    func conflict(_ reason: String) -> RegistryError {
        .conflict(
            place: "run \(row.id) (\(run.uuid))",
            what: "it is here with another history: \(reason); here \(RunComparison.text(here)); to be restored "
                + RunComparison.text(run.segments.map(\.row)))
    }

    private static func text(_ segments: [SegmentRecord]) -> String {
        list(
            segments.map { segment in
                let (first, count) = (segment.firstIteration, segment.iterations)
                let held = count == 0 ? "no iterations" : "iterations \(first) to \(first - 1 + count)"
                return "segment \(segment.number) with \(held) (chain \(segment.chainEnd.short))"
            })
    }
}

// Segments: one of the two must be the beginning of the other, which the chain proves.
extension RunComparison {
    /// Whether a segment of the source has iterations or epochs that the segment here lacks.
    /// - Throws: `RegistryError.conflict` if neither is the beginning of the other.
    private func isLonger(
        _ theirs: SegmentRecord, _ parent: UUIDv7?, than mine: SegmentRecord
    ) throws -> Bool {
        let name = "segment \(mine.number)"
        let ownParent = try mine.parentRun.map { try store.runs.need($0).uuid }
        let (begin, origin) = (mine.firstIteration, theirs.firstIteration)
        guard parent == ownParent, mine.parentSegment == theirs.parentSegment, begin == origin else {
            throw conflict("\(name) begins after iteration \(begin - 1) here and after iteration \(origin - 1) there")
        }
        guard mine.firstEpoch == theirs.firstEpoch, mine.epochStart == theirs.epochStart,
            mine.iterationsPerEpoch == theirs.iterationsPerEpoch, mine.stepOrigin == theirs.stepOrigin,
            mine.chainStart == theirs.chainStart
        else { throw conflict("\(name) begins with another state") }
        let (count, given) = (mine.iterations, theirs.iterations)
        if count >= given {
            // If gc has freed the losses up to there, the chain's start must do.
            let chain = count == given ? mine.chainEnd : try mine.chain(before: begin + given, in: store)
            guard chain.map({ $0 == theirs.chainEnd }) ?? true else { throw try difference(mine, theirs) }
            return count == given && theirs.epochs > mine.epochs
        }
        guard theirs.keptIterations >= count else {
            let place = "iterations \(begin + theirs.keptIterations) to \(begin + count - 1) of \(name)"
            throw conflict("\(place) were freed there, so that nothing proves that it continues the run here")
        }
        guard try chain(ofFirst: count, of: theirs) == mine.chainEnd else { throw try difference(mine, theirs) }
        return true
    }

    /// The chain over the first losses that a segment of the source keeps.
    private func chain(ofFirst count: Int, of segment: SegmentRecord) throws -> SHA256Digest {
        var blocks = LossBlocks(run: run.uuid, segment)
        try readLosses(of: segment, first: count) { bytes in blocks.append(bytes) { _ in } }
        blocks.finish { _ in }
        return blocks.chain
    }

    /// Calls `body` with the bytes of the first losses of a segment of the source.
    private func readLosses(
        of segment: SegmentRecord, first count: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard count > 0, let part = restoration.parts[.losses(run: run.uuid, segment: segment.number)] else { return }
        var rest = 4 * count
        try restoration.read(part) { bytes in
            let piece = bytes.prefix(rest)
            rest -= piece.count
            if !piece.isEmpty { try body(UnsafeRawBufferPointer(rebasing: piece)) }
        }
    }

    /// The error that a segment has other losses here, with the first iteration that differs.
    private func difference(_ mine: SegmentRecord, _ theirs: SegmentRecord) throws -> RegistryError {
        let length = 4 * BlockRow.capacity
        var known: [UInt8] = []
        var offset = 0
        var different: Int?
        try readLosses(of: theirs, first: min(mine.keptIterations, theirs.keptIterations)) { bytes in
            for byte in bytes where different == nil {
                let (block, place) = offset.quotientAndRemainder(dividingBy: length)
                if place == 0 {
                    known = try store.blocks.need(run: row.id, segment: mine.number, block: block).losses
                }
                if place >= known.count || known[place] != byte { different = mine.firstIteration + offset / 4 }
                offset += 1
            }
        }
        let place = different.map { "from iteration \($0) on" } ?? "somewhere"
        return conflict("the losses of segment \(mine.number) differ \(place)")
    }
}

// Lines: that of the source must continue the one here, and no rollback made here may be lost.
extension RunComparison {
    private struct Part {
        let segment: Int
        let last: Int
    }

    /// The own part of the line that ends in the head of the run in the source, newest segment first.
    private func lineThere() throws -> [Part] {
        var parts: [Part] = []
        var (number, limit) = (run.row.headSegment, Int.max)
        guard (1...run.segments.count).contains(number) else {
            throw RegistryError.unsound(place: "run \(run.number)", what: "it has no segment \(number)")
        }
        while true {
            let (segment, parent) = run.segments[number - 1]
            parts.append(Part(segment: number, last: min(limit, segment.firstIteration - 1 + segment.iterations)))
            // A parent in the same run has a lower number, which has been checked.
            guard parent == run.uuid, let next = segment.parentSegment, next < number else { return parts }
            limit = min(limit, segment.firstIteration - 1)
            number = next
        }
    }

    /// Why the line there does not continue the line here; nil if it does.
    private func parting(_ there: [Part], _ attempts: AttemptMatch) throws -> String? {
        let mine = try Line(to: row.headSegment, ofRun: row.id, in: store).filter { $0.run == row.id }
        guard let end = mine.last(where: { $0.first <= $0.last }) else { return nil }
        let lasts = Dictionary(there.map { ($0.segment, $0.last) }, uniquingKeysWith: { first, _ in first })
        if lasts[end.segment].map({ $0 < end.last }) ?? true {
            let common = mine.last { part in lasts[part.segment] != nil }
            let last = common.map { min($0.last, lasts[$0.segment] ?? 0) } ?? 0
            let (mineEnd, theirEnd) = (row.iterations, run.row.iterations)
            return "the two differ after iteration \(last): here it continues to iteration \(mineEnd) of segment "
                + "\(row.headSegment), there to iteration \(theirEnd) of segment \(run.row.headSegment)"
        }
        if lasts[row.headSegment] != nil { return nil }
        let known = Set(run.annotations.events.compactMap { RollbackMove($0, in: run.annotations.events) })
        let moves = try RollbackMove.all(of: row.id, in: store)
        guard let unknown = moves.keys.filter({ !known.contains($0) }).map(\.segment).max() else { return nil }
        return "here it was rolled back to the beginning of segment \(unknown), there it was not"
    }
}
