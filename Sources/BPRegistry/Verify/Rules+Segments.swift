import BPStore

// Segments: their epochs, their chain and the place at which they begin.
extension Rules {
    /// Epochs without a gap; the chain from its start to its end over all blocks.
    func check(_ segment: SegmentRecord, _ check: RowCheck) throws {
        let store = check.store
        let gaps = try store.epochs.misplaced(in: segment)
        if gaps > 0 { check.found("\(gaps) epochs are out of place") }
        let ended =
            (segment.firstIteration - 1 &+ segment.iterations &- segment.epochStart) / segment.iterationsPerEpoch
        if segment.epochs > max(0, ended) {
            check.found("it has \(segment.epochs) epochs, of which \(max(0, ended)) ended")
        }
        let (blocks, losses) = try store.blocks.count(run: segment.run, segment: segment.number)
        let kept = segment.keptIterations
        if losses != kept { check.found("it keeps \(kept) iterations, its blocks hold \(losses)") }
        check.tally("iterations", losses)
        try checkStart(segment, check)
        try checkGrid(segment, check)
        guard kept == segment.iterations else { return }
        if blocks == 0 {
            if segment.chainEnd != segment.chainStart {
                check.found("it has no losses, but its chain's end differs from its start")
            }
        } else {
            let last = try store.blocks.find(run: segment.run, segment: segment.number, block: blocks - 1)
            if last?.chain != segment.chainEnd { check.found("its chain has a wrong end") }
        }
    }

    /// The chain's start follows from the spec, the dataset and the parent.
    private func checkStart(_ segment: SegmentRecord, _ check: RowCheck) throws {
        let store = check.store
        // The segments of a deleted run may be here, also after its deletion can no longer be undone.
        guard let run = try store.runs.identity(segment.run) else { return }
        var start = Chain.start(spec: run.spec, dataset: run.dataset)
        if let parent = try parent(of: segment, store) {
            let first = segment.firstIteration
            guard let parentRun = try store.runs.identity(parent.run),
                let chain = try parent.chain(before: first, in: store)
            else { return }
            start = Chain.start(
                spec: run.spec, dataset: run.dataset, parentRun: parentRun.uuid,
                parentSegment: parent.number, firstIteration: first, parentChain: chain)
        }
        if start != segment.chainStart { check.found("its chain has a wrong start") }
    }

    /// A segment begins at an iteration of its parent, and its first epoch at the beginning of an epoch of its parent.
    private func checkGrid(_ segment: SegmentRecord, _ check: RowCheck) throws {
        guard let parent = try parent(of: segment, check.store) else {
            let start = (segment.firstIteration, segment.firstEpoch, segment.epochStart, segment.stepOrigin)
            if start != (1, 1, 0, 0) {
                check.found("it has no parent, and does not begin with the first iteration")
            }
            return
        }
        let before = segment.firstIteration - 1
        if before < parent.firstIteration - 1 || before >= parent.firstIteration &+ parent.iterations {
            return check.found("it begins outside its parent")
        }
        let length = parent.iterationsPerEpoch
        let skipped = segment.firstEpoch - parent.firstEpoch
        let (distance, isFar) = skipped.multipliedReportingOverflow(by: length)
        let start = isFar ? -1 : parent.epochStart &+ distance
        let isOwnGrid = segment.iterationsPerEpoch != length
        let isAtEpoch = (0...max(0, parent.epochs)).contains(skipped) && start <= before
        if !isAtEpoch || segment.epochStart != start || isOwnGrid && start != before {
            check.found("its first epoch does not begin with an epoch of its parent")
        }
        let isFork = segment.parentRun != segment.run
        if segment.stepOrigin != parent.stepOrigin, !isFork || segment.stepOrigin != before {
            check.found("its steps and its parent's are counted from different iterations")
        }
        if isOwnGrid, !isFork { check.found("its epochs are not as long as its parent's") }
    }

    /// The segment from which a segment begins; nil for the first segment of a run that is not a fork.
    private func parent(of segment: SegmentRecord, _ store: Store) throws -> SegmentRecord? {
        guard let run = segment.parentRun else { return nil }
        // A missing number finds no row, which is reported.
        return try store.segments.need(run: run, number: segment.parentSegment ?? 0)
    }
}
