import BPStore
import BPSQLite

/// Where a new segment goes on from: a point of a line, and the part of it that holds the point.
struct Branch {
    /// The last part that begins at the point or before; the first one where none does.
    let part: LinePart
    /// The last iteration that the new segment's line takes from it.
    let iteration: Int
    /// The epochs that had ended there, as far as they were recorded.
    let epochs: Int
    /// The iteration after which the next epoch began, on the part's own grid.
    let epochStart: Int

    /// The point after `iteration` updates of `line`, of which only the parts of run `own` are looked at if it is given.
    /// - Parameter epochs: how many epochs had ended there when somebody looked; the end of one may be recorded since.
    init?(_ line: [LinePart], at iteration: Int, ofRun own: Int? = nil, epochs seen: Int = .max) throws {
        let parts = own.map { number in line.filter { $0.run == number } } ?? line
        guard let part = parts.last(where: { $0.first <= iteration }) ?? parts.first, part.first - 1 <= iteration,
            iteration <= part.last
        else { return nil }
        self.part = part
        self.iteration = iteration
        let ended = min(seen, try part.epochsEnded(at: iteration))
        let before = try part.row.int("first_epoch") - 1
        epochs = ended
        epochStart = try part.row.int("epoch_start") + (ended - before) * part.row.int("iterations_per_epoch")
    }

    /// Whether `other` is the same place.
    func isSamePlace(as other: Branch) -> Bool {
        (part.run, part.segment, iteration) == (other.part.run, other.part.segment, other.iteration)
    }
}

extension Store {
    /// The place of a point that a caller names, in the run that recorded it. Where a fork left its parent the state is
    /// the fork's own: its rule may be another, with other memory and another count of steps.
    /// - Parameter epochs: how many epochs had ended there when the point was found.
    func branch(_ point: Point, epochs: Int = .max) throws -> Branch {
        let line = try existing(point)
        for part in line.reversed() {
            if let branch = try Branch(line, at: point.iteration, ofRun: part.run, epochs: epochs) { return branch }
        }
        throw damaged("run \(point.run)", "no part of its line holds iteration \(point.iteration)")
    }
}

extension LinePart {
    /// How many epochs had ended after `iteration` updates, as far as this part recorded them, whose iterations it is.
    func epochsEnded(at iteration: Int) throws -> Int {
        let ended = (min(iteration, last) - (try row.int("epoch_start"))) / (try row.int("iterations_per_epoch"))
        return min(lastEpoch, try row.int("first_epoch") - 1 + max(0, min(ended, try row.int("epochs"))))
    }
}

/// The row of a segment to be made.
struct NewSegment {
    let run: TableRow
    let number: Int
    /// What it goes on from; nil for a run's first one.
    let branch: Branch?
    let iterationsPerEpoch: Int
    let stepOrigin: Int

    /// The row, its chain begun.
    /// - Throws: `RegistryError.freed` when gc has freed the iterations on which its chain depends.
    func row(in store: Store, _ now: Int64) throws -> TableRow {
        let chain = try chainStart(in: store)
        var row = TableRow(
            .segment,
            [
                "run": run["id"], "number": .int(number), "parent_run": .int(branch?.part.run),
                "parent_segment": .int(branch?.part.segment),
                "first_iteration": .int((branch?.iteration ?? 0) + 1),
                "first_epoch": .int((branch?.epochs ?? 0) + 1), "epoch_start": .int(branch?.epochStart ?? 0),
                "iterations_per_epoch": .int(iterationsPerEpoch), "step_origin": .int(stepOrigin),
                "chain_start": .digest(chain), "chain_end": .digest(chain), "created": .integer(now),
            ])
        for column in ["iterations", "kept_iterations", "epochs", "kept_epochs", "keyframes"] { row[column] = .int(0) }
        return row
    }

    private func chainStart(in store: Store) throws -> SHA256Digest {
        let (spec, dataset) = (try run.digest("spec"), try run.digest("dataset"))
        guard let branch else { return Chain.start(spec: spec, dataset: dataset) }
        let (part, first) = (branch.part, branch.iteration + 1)
        guard let chain = try store.chain(of: part.row, before: first) else {
            throw try part.freed
        }
        return Chain.start(
            spec: spec, dataset: dataset, parentRun: try store.need(.run, [.int(part.run)]).uuid("uuid"),
            parentSegment: part.segment, firstIteration: first, parentChain: chain)
    }
}
