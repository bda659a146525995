import BPJSON
public import BPStore

/// A move of a run's head by a rollback, or by undoing one.
public struct HeadMove: Sendable, Equatable {
    /// The run.
    public let run: Int
    /// The end of the line before.
    public let from: Place
    /// The end of the line now.
    public let to: Place

    /// The end of a line.
    public struct Place: Sendable, Equatable {
        /// The segment that is the head.
        public let segment: Int
        /// The last iteration of its line.
        public let iteration: Int
        /// The last epoch that ended on it.
        public let epoch: Int
    }
}

extension Registry {
    /// Makes a point of any line of a run its end: a new segment begins there and becomes the head. Nothing is computed
    /// and nothing is deleted; everything after the point is superseded. This is one transaction.
    /// - Throws: `notFound` if there is no such run, segment or iteration; `alive` if its process is alive; `conflict`
    ///   if the head is there already, if the point is before the beginning of a fork, or if the run diverged there;
    ///   `readOnly`, `diskFull`, `inputOutput`.
    public func rollback(to point: Point) throws(RegistryError) -> HeadMove {
        try writing { store in
            let now = environment.now()
            var run = try RunRow(named: point.run, in: store)
            try run.raiseFence(in: store)
            let branch = try rollbackBranch(point, run, store)
            let (end, before) = (StoredEnd(run), HeadMove.Place(run))
            let (number, parent) = (run.segments + 1, branch.part.record)
            let segment = NewSegment(
                run: run, number: number, branch: branch, iterationsPerEpoch: parent.iterationsPerEpoch,
                stepOrigin: parent.stepOrigin)
            try store.insert(segment.row(in: store, now))
            run.segments = number
            run.headSegment = number
            StoredEnd(status: .stopped, reason: "rolled back to iteration \(point.iteration)", ended: now)
                .write(to: &run)
            let move = try saveHead(&run, from: before, now, store)
            try store.events.add(
                .rolledBack, of: .run(point.run), at: now,
                [
                    "from": .object(before.json.merging(end.json) { _, new in new }),
                    "to": .object(move.to.json),
                ])
            return move
        }
    }

    /// Undoes the last rollback of a run that is not undone: the previous head becomes the head again, and the run has
    /// the same end as before. Everything recorded since is superseded. This is one transaction; a second call undoes
    /// the rollback before.
    /// - Throws: `notFound` if there is no such run, or no rollback to undo; `alive` if its process is alive; `freed` if
    ///   gc has freed some of the line; `readOnly`, `diskFull`, `inputOutput`.
    public func undoRollback(ofRun number: Int) throws(RegistryError) -> HeadMove {
        try writing { store in
            let now = environment.now()
            var run = try RunRow(named: number, in: store)
            try run.raiseFence(in: store)
            let event = try store.events.lastRollback(of: .run(number), reference: "\(number)")
            let before = HeadMove.Place(run)
            guard let from = event.detail["from"], let segment = from["segment"]?.int,
                event.detail["to"]?["segment"]?.int == before.segment
            else {
                throw store.damaged("event \(event.id)", "it does not lead to segment \(before.segment)")
            }
            let line = try Line(to: segment, ofRun: number, in: store)
            try line.checkKept(upTo: line.lastIteration)
            run.headSegment = segment
            StoredEnd(from).write(to: &run)
            let move = try saveHead(&run, from: before, now, store)
            try store.events.add(
                .rollbackUndone, of: .run(number), at: now,
                ["event": JSONValue(event.id), "from": .object(before.json), "to": .object(move.to.json)])
            return move
        }
    }

    /// The place to which a run is rolled back.
    private func rollbackBranch(_ point: Point, _ run: RunRow, _ store: Store) throws -> Branch {
        let line = try Line(of: point, in: store)
        let own = line.first { $0.run == point.run }
        guard let branch = Branch(line, at: point.iteration, ofRun: point.run) else {
            throw RegistryError.conflict(
                place: "run \(point.run)",
                what: "iteration \(point.iteration) is of run \(line.first?.run ?? 0), from which it was forked after "
                    + "iteration \((own?.first ?? 1) - 1)")
        }
        let head = try Line(to: run.headSegment, ofRun: point.run, in: store)
        if let end = Branch(head, at: head.lastIteration, ofRun: point.run), branch.isSamePlace(as: end) {
            throw RegistryError.conflict(
                place: "run \(point.run)", what: "it is at iteration \(point.iteration) of this line already")
        }
        guard try !branch.isRefused(in: store) else {
            throw RegistryError.conflict(
                place: "run \(point.run)",
                what: "it diverged at iteration \(point.iteration), whose update was refused; iteration "
                    + "\(point.iteration - 1) is sound")
        }
        return branch
    }

    /// Writes a run whose head has moved, after computing its summary again.
    private func saveHead(
        _ run: inout RunRow, from: HeadMove.Place, _ now: Int64, _ store: Store
    ) throws -> HeadMove {
        run.updated = now
        try run.renewSummary(in: store)
        try store.update(run)
        return HeadMove(run: run.id, from: from, to: HeadMove.Place(run))
    }
}

extension Branch {
    /// Whether an attempt diverged in this iteration. It is then the last one of its segment and has no state of its
    /// own.
    fileprivate func isRefused(in store: Store) throws -> Bool {
        guard iteration == part.first - 1 + part.record.iterations else { return false }
        return try store.attempts.hasDiverged(run: part.run, segment: part.segment)
    }
}

extension HeadMove.Place {
    fileprivate init(_ run: RunRow) {
        self.init(segment: run.headSegment, iteration: run.iterations, epoch: run.epochs)
    }

    fileprivate var json: [String: JSONValue] {
        ["segment": JSONValue(segment), "iteration": JSONValue(iteration), "epoch": JSONValue(epoch)]
    }
}
