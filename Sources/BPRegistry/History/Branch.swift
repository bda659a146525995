import BPStore

/// The place from which a new segment continues: a point of a line, and the part of it that holds the point.
struct Branch {
    /// The last part that begins at the point or before it; the first part if none does.
    let part: LinePart
    /// The last iteration that the new segment's line takes from it.
    let iteration: Int
    /// The epochs that had ended there, as far as they were recorded.
    let epochs: Int
    /// The iteration after which the next epoch began, on the part's own grid.
    let epochStart: Int

    /// The point after `iteration` updates of `line`; if `own` is given, only the parts of that run are considered.
    /// - Parameter epochs: the number of epochs that had ended there when the point was found; the end of one may be
    ///   recorded since.
    init?(_ line: Line, at iteration: Int, ofRun own: Int? = nil, epochs seen: Int = .max) {
        let parts = own.map { number in line.filter { $0.run == number } } ?? line
        guard let part = parts.last(where: { $0.first <= iteration }) ?? parts.first, part.first - 1 <= iteration,
            iteration <= part.last
        else { return nil }
        self.part = part
        self.iteration = iteration
        let (ended, record) = (min(seen, part.epochsEnded(at: iteration)), part.record)
        epochs = ended
        epochStart = record.epochStart + (ended - record.firstEpoch + 1) * record.iterationsPerEpoch
    }

    /// The place of a point that a caller names, in the run that recorded it. The point where a fork left its parent
    /// belongs to the fork, whose optimizer may have another rule, other memory and another step count.
    /// - Parameter epochs: the number of epochs that had ended there when the point was found.
    init(_ point: Point, epochs: Int = .max, in store: Store) throws {
        let line = try Line(of: point, in: store)
        let branches = line.reversed().lazy.compactMap { part in
            Branch(line, at: point.iteration, ofRun: part.run, epochs: epochs)
        }
        guard let branch = branches.first else {
            throw store.damaged("run \(point.run)", "no part of its line holds iteration \(point.iteration)")
        }
        self = branch
    }

    /// Whether `other` is the same place.
    func isSamePlace(as other: Branch) -> Bool {
        (part.run, part.segment, iteration) == (other.part.run, other.part.segment, other.iteration)
    }
}

/// A segment to be made.
struct NewSegment {
    let run: RunRow
    let number: Int
    /// The place from which it continues; nil for a run's first one.
    let branch: Branch?
    let iterationsPerEpoch: Int
    let stepOrigin: Int

    /// The row, its chain begun.
    /// - Throws: `RegistryError.freed` if gc has freed the iterations on which its chain depends.
    func row(in store: Store, _ now: Int64) throws -> SegmentRecord {
        SegmentRecord(
            run: run.id, number: number, parent: branch.map { ($0.part.run, $0.part.segment) },
            firstIteration: (branch?.iteration ?? 0) + 1, firstEpoch: (branch?.epochs ?? 0) + 1,
            epochStart: branch?.epochStart ?? 0, iterationsPerEpoch: iterationsPerEpoch, stepOrigin: stepOrigin,
            chain: try chainStart(in: store), created: now)
    }

    private func chainStart(in store: Store) throws -> SHA256Digest {
        guard let branch else { return Chain.start(spec: run.spec, dataset: run.dataset) }
        let (part, first) = (branch.part, branch.iteration + 1)
        guard let chain = try part.record.chain(before: first, in: store) else { throw part.freed }
        return Chain.start(
            spec: run.spec, dataset: run.dataset, parentRun: try store.runs.need(part.run).uuid,
            parentSegment: part.segment, firstIteration: first, parentChain: chain)
    }
}
