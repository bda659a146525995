import BPRegistry
import BPStore

// A run that is already here.
extension Restoration {
    /// Compares the history of a run with that of the same run here, segment by segment, by the chain.
    /// - Throws: `RegistryError.conflict` with both histories, unless the run here has the same history and ends at the
    ///   same iteration or later.
    func compare(_ run: TransferContents.Run, _ row: RunRow, _ store: Store) throws {
        let here = try store.segments.all(ofRun: row.id)
        var isSame = here.count >= run.segments.count
        isSame = isSame && row.spec == run.row.spec && row.dataset == run.row.dataset
        for (segment, mine) in zip(run.segments, here) where isSame {
            isSame = try goesAsFar(mine, as: segment, store)
        }
        if isSame { return }
        let (mine, theirs) = (Restoration.text(here), Restoration.text(run.segments.map(\.row)))
        throw RegistryError.conflict(
            place: "run \(row.id) (\(run.uuid))",
            what: endsEarlier(here, run)
                ? "it is here, and ends earlier: here \(mine); to be restored \(theirs). To take that in, delete run "
                    + "\(row.id) here first"
                : "it is here with another history: here \(mine); to be restored \(theirs)")
    }

    /// Whether the run here is the beginning of the run to be restored, judging by the segments.
    private func endsEarlier(_ here: [SegmentRecord], _ run: TransferContents.Run) -> Bool {
        guard here.count <= run.segments.count else { return false }
        return zip(here, run.segments.map(\.row)).allSatisfy { mine, theirs in
            mine.firstIteration == theirs.firstIteration && mine.chainStart == theirs.chainStart
                && (mine.iterations < theirs.iterations
                    || (mine.iterations == theirs.iterations && mine.chainEnd == theirs.chainEnd))
        }
    }

    private func goesAsFar(
        _ here: SegmentRecord, as there: (row: SegmentRecord, parent: UUIDv7?), _ store: Store
    ) throws -> Bool {
        let parent = try here.parentRun.map { try store.runs.need($0).uuid }
        let theirs = there.row
        guard parent == there.parent, here.parentSegment == theirs.parentSegment,
            here.firstIteration == theirs.firstIteration, here.firstEpoch == theirs.firstEpoch,
            here.epochStart == theirs.epochStart, here.stepOrigin == theirs.stepOrigin,
            here.chainStart == theirs.chainStart, here.iterations >= theirs.iterations
        else { return false }
        if here.iterations == theirs.iterations { return here.chainEnd == theirs.chainEnd }
        // If gc has freed the losses up to there, only the chain's start can be compared.
        let chain = try here.chain(before: here.firstIteration + theirs.iterations, in: store)
        return chain.map { $0 == theirs.chainEnd } ?? true
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
