public import BPStore
import BPJSON
import BPSQLite

/// Where the head of a run went: by a rollback, or by its being undone.
public struct HeadMove: Sendable, Equatable {
    /// The run.
    public let run: Int
    /// Where the head was.
    public let from: Place
    /// Where it is now.
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
    /// and nothing deleted; what came after the point is superseded. One transaction.
    /// - Throws: `notFound` when there is no such run, segment or iteration; `alive` when its process lives; `conflict`
    ///   when the head is there already, when the point lies before the run was forked, or when the run diverged there;
    ///   `readOnly`, `diskFull`, `inputOutput`.
    public func rollback(to point: Point) throws(RegistryError) -> HeadMove {
        try writing { store in
            let now = environment.now()
            var run = try store.runRow(point.run)
            try store.fence(&run)
            let branch = try store.rollbackBranch(point, run)
            let (status, before) = (run, try HeadMove.Place(run))
            let number = try run.int("segments") + 1
            let parent = branch.part.row
            let segment = NewSegment(
                run: run, number: number, branch: branch, iterationsPerEpoch: try parent.int("iterations_per_epoch"),
                stepOrigin: try parent.int("step_origin"))
            try store.insert(segment.row(in: store, now))
            run["segments"] = .int(number)
            run["head_segment"] = .int(number)
            run["status"] = .text(RunStatus.stopped.rawValue)
            run["reason"] = .text("rolled back to iteration \(point.iteration)")
            run["ended"] = .integer(now)
            let move = try store.saveHead(&run, from: before, now)
            var from = before.json
            for column in RunWriter.Before.columns { from[column] = status[column].json }
            try store.addEvent(
                .rolledBack, of: Subject.run(point.run), at: now,
                ["from": .object(from), "to": .object(move.to.json)])
            return move
        }
    }

    /// Takes the last rollback of a run that is not undone back: the segment that was the head is it again, and the run
    /// ends as it had ended. What was recorded since is superseded. One transaction; called again, it takes the rollback
    /// before back.
    /// - Throws: `notFound` when there is no such run, or no rollback to undo; `alive` when its process lives; `freed`
    ///   when gc has freed what it would go back to; `readOnly`, `diskFull`, `inputOutput`.
    public func undoRollback(ofRun number: Int) throws(RegistryError) -> HeadMove {
        try writing { store in
            let now = environment.now()
            var run = try store.runRow(number)
            try store.fence(&run)
            let event = try store.lastRollback(of: Subject.run(number), reference: "\(number)")
            let before = try HeadMove.Place(run)
            guard let from = event.detail["from"], let segment = from["segment"]?.int,
                event.detail["to"]?["segment"]?.int == before.segment
            else {
                throw store.damaged("event \(event.id)", "it does not lead to segment \(before.segment)")
            }
            let line = try store.line(run: number, segment: segment)
            try line.checkKept(upTo: line.lastIteration)
            run["head_segment"] = .int(segment)
            for column in RunWriter.Before.columns { run[column] = SQLiteValue(from[column]) }
            let move = try store.saveHead(&run, from: before, now)
            try store.addEvent(
                .rollbackUndone, of: Subject.run(number), at: now,
                ["event": JSONValue(event.id), "from": .object(before.json), "to": .object(move.to.json)])
            return move
        }
    }
}

extension Store {
    /// The place that a run is to be rolled back to.
    fileprivate func rollbackBranch(_ point: Point, _ run: TableRow) throws -> Branch {
        let line = try existing(point)
        let own = line.first { $0.run == point.run }
        guard let branch = try Branch(line, at: point.iteration, ofRun: point.run) else {
            throw RegistryError.conflict(
                place: "run \(point.run)",
                what: "iteration \(point.iteration) is of run \(line.first?.run ?? 0), from which it was forked after "
                    + "iteration \((own?.first ?? 1) - 1)")
        }
        let head = try self.line(run: point.run, segment: run.int("head_segment"))
        if let end = try Branch(head, at: head.lastIteration, ofRun: point.run), branch.isSamePlace(as: end) {
            throw RegistryError.conflict(
                place: "run \(point.run)", what: "it is at iteration \(point.iteration) of this line already")
        }
        guard try !isRefused(branch) else {
            throw RegistryError.conflict(
                place: "run \(point.run)",
                what: "it diverged at iteration \(point.iteration), whose update was refused; iteration "
                    + "\(point.iteration - 1) is sound")
        }
        return branch
    }

    /// Whether an attempt diverged in the iteration of `branch`, which is then the last of its segment and has no state
    /// of its own.
    private func isRefused(_ branch: Branch) throws -> Bool {
        let (part, row) = (branch.part, branch.part.row)
        guard branch.iteration == part.first - 1 + (try row.int("iterations")) else { return false }
        return try rows(
            .attempt, "WHERE run = ? AND segment = ? AND status = ?",
            [part.run, part.segment, RunStatus.diverged.rawValue]
        ).isEmpty == false
    }

    /// The line of a point that a caller names.
    /// - Throws: `RegistryError.notFound` when the run, the segment or the iteration is not there; `freed` when gc has
    ///   freed it.
    func existing(_ point: Point) throws -> [LinePart] {
        let line = try line(ofRun: point.run, segment: point.lineSegment)
        guard (0...line.lastIteration).contains(point.iteration) else {
            throw RegistryError.notFound(
                reference: "\(point.run).\(point.lineSegment)@iteration:\(point.iteration)", what: "no such iteration",
                exists: "recorded are iterations 0 to \(line.lastIteration)", near: ["\(point.run)@last"])
        }
        try line.checkKept(upTo: point.iteration)
        return line
    }

    /// Writes a run whose head has moved, its summary worked out anew.
    fileprivate func saveHead(_ run: inout TableRow, from: HeadMove.Place, _ now: Int64) throws -> HeadMove {
        run["updated"] = .integer(now)
        try renewSummary(of: &run)
        try update(run)
        return HeadMove(run: try run.int("id"), from: from, to: try HeadMove.Place(run))
    }
}

extension HeadMove.Place {
    fileprivate init(_ run: TableRow) throws {
        segment = try run.int("head_segment")
        iteration = try run.int("iterations")
        epoch = try run.int("epochs")
    }

    fileprivate var json: [String: JSONValue] {
        ["segment": JSONValue(segment), "iteration": JSONValue(iteration), "epoch": JSONValue(epoch)]
    }
}

extension SQLiteValue {
    /// An integer or a text as JSON; null for anything else.
    fileprivate var json: JSONValue {
        switch self {
        case .integer(let value): .integer(value)
        case .text(let value): .string(value)
        default: .null
        }
    }

    fileprivate init(_ json: JSONValue?) {
        switch json {
        case .integer(let value)?: self = .integer(value)
        case .string(let value)?: self = .text(value)
        default: self = .null
        }
    }
}
