import BPStore

/// The rows that may be freed, in one state of the registry.
struct Garbage {
    /// A segment with a superseded part.
    struct Segment {
        let run: Int
        let number: Int
        /// The number of iterations and epochs that are kept.
        let kept: (iterations: Int, epochs: Int)
        let freed: (iterations: Int, epochs: Int)
        /// Whether its run was deleted.
        let isOrphan: Bool
    }

    let lines: KeptLines
    var segments: [Segment] = []
    /// Complete and incomplete keyframes, with their runs.
    var keyframes: [(id: Int, run: Int)] = []
    var datasets: [SHA256Digest] = []
    var specs: [SHA256Digest] = []
    /// Deleted runs whose series are still in their tables, though no deletion that can be undone keeps them.
    var orphans: [Int] = []

    var isEmpty: Bool {
        segments.isEmpty && keyframes.isEmpty && datasets.isEmpty && specs.isEmpty && orphans.isEmpty
    }

    /// Microseconds for which a dataset without a run, or an incomplete pin, may still be about to be used.
    static let grace: Int64 = 3_600_000_000

    /// - Parameter withDeletions: whether what deletions keep is garbage too.
    init(_ store: Store, surplus: KeyframeSurplus, withDeletions: Bool = false) throws {
        lines = try KeptLines(store)
        orphans = try store.segments.orphans(ignoringDeletions: withDeletions)
        let (living, gone) = (Set(try store.runs.numbers()), Set(orphans))
        for segment in try store.segments.all() where living.contains(segment.run) || gone.contains(segment.run) {
            let kept = lines.kept(of: segment)
            let freed = (
                iterations: segment.keptIterations - kept.iterations, epochs: segment.keptEpochs - kept.epochs
            )
            guard freed.iterations > 0 || freed.epochs > 0 else { continue }
            segments.append(
                Segment(
                    run: segment.run, number: segment.number, kept: kept, freed: freed,
                    isOrphan: gone.contains(segment.run)))
        }
        for run in try store.runs.all() { try addKeyframes(of: run, store, surplus) }
        datasets = try store.datasets.unused(
            createdBefore: store.environment.now() - Garbage.grace, ignoringDeletions: withDeletions
        ).map(\.hash)
        specs = try store.specs.unused(ignoringDeletions: withDeletions).map(\.hash)
    }

    /// Adds the keyframes of a run that are superseded, that will never be completed, or that exceed its budget.
    private mutating func addKeyframes(of run: RunRow, _ store: Store, _ surplus: KeyframeSurplus) throws {
        let isAlive = try run.isAlive(in: store)
        let before = store.environment.now() - Garbage.grace
        for keyframe in try store.keyframes.all(ofRun: run.id) {
            let isFree =
                if keyframe.state == .complete {
                    !lines.isKept(keyframe)
                } else if keyframe.role == .pinned {
                    // Another process may be writing it.
                    keyframe.created < before
                } else {
                    !isAlive || keyframe.attempt != run.attempts
                }
            if isFree { keyframes.append((keyframe.id, run.id)) }
        }
        if isAlive { return }
        // What an archive holds takes no space here: it neither counts against the budget nor is given up for it.
        let archived = try store.keyframes.archived(ofRun: run.id)
        let spaced = try Line(to: run.headSegment, ofRun: run.id, in: store).filter { $0.run == run.id }
            .flatMap { try store.keyframes.complete(run: $0.run, segment: $0.segment, upTo: $0.last, role: .spaced) }
            .map { SpacedKeyframe(id: $0.id, iteration: $0.iteration, bytes: $0.bytes) }
            .filter { !archived.contains($0.id) }
        guard !spaced.isEmpty else { return }
        let policy = try store.attempts.need(run: run.id, number: run.attempts).keyframePolicyJSON
        let known = Set(spaced.map(\.id))
        keyframes += Set(surplus(policy, spaced)).intersection(known).sorted().map { ($0, run.id) }
    }

    /// The report of everything to be freed: the rows, what deletions keep, and the content to which only they refer.
    func report(_ store: Store) throws -> GarbageReport {
        var report = GarbageReport()
        for deletion in try store.deletions.all() { try report.add(deletion, in: store) }
        for segment in segments {
            if !segment.isOrphan {
                report.add(run: segment.run, iterations: segment.freed.iterations, epochs: segment.freed.epochs)
            }
            report.add("iterations", segment.freed.iterations, bytes: 4 * segment.freed.iterations)
            report.add("epochs", segment.freed.epochs)
        }
        for keyframe in keyframes { report.add(run: keyframe.run, keyframes: 1) }
        report.add("keyframes", keyframes.count)
        report.add("datasets", datasets.count)
        report.add("specs", specs.count)
        report.add(try store.unreferenced.forecast(without: Set(keyframes.map(\.id)), datasets: datasets))
        return report
    }
}
