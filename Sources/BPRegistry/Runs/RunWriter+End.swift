import BPStore
import BPJSON
import BPSQLite

// The end of an attempt: how it ended, what was measured, the version it becomes. All in the transaction that records
// the last iterations, so that a kill anywhere leaves an end with exactly one version, or none of it.
extension RunRows {
    mutating func end(_ end: RunEnd) throws {
        guard [.finished, .stopped, .diverged, .failed].contains(end.status) else {
            throw conflict("\(end.status.rawValue) is no way to end")
        }
        run["status"] = .text(end.status.rawValue)
        run["reason"] = .text(end.reason)
        run["ended"] = .integer(now)
        attempt["status"] = .text(end.status.rawValue)
        attempt["ended"] = .integer(now)
        let number = try run.int("id")
        if let origin = end.imported {
            try store.addEvent(.imported, of: Subject.run(number), at: now, origin.json)
        }
        try store.addEvent(
            .ended, of: Subject.run(number), at: now,
            [
                "status": .string(end.status.rawValue), "reason": .string(end.reason),
                "attempt": JSONValue(try attempt.int("number")), "iteration": JSONValue(try run.int("iterations")),
            ])
        let version = try end.version.map { try addVersion($0) }
        for evaluation in end.evaluations { try add(evaluation, version: version) }
        try summarize { summary in
            for new in end.evaluations { summary.add(split: new.split, loss: new.loss, scoresJSON: new.scoresJSON) }
        }
    }

    /// - Returns: the version's key.
    private mutating func addVersion(_ new: NewVersion) throws -> SQLiteValue {
        let (segment, weights) = try self.weights(at: new.iteration)
        let origin = VersionOrigin(
            run: run["id"], attempt: attempt["number"], segment: segment, iteration: new.iteration, epoch: new.epoch,
            descriptionJSON: new.descriptionJSON, metricsJSON: new.metricsJSON,
            tensors: [TensorName(name: "parameters", digest: weights)])
        var model = try store.need(.model, [run["model"]])
        try run.add(1, to: "versions")
        return try store.addVersion(origin, to: &model, now).id
    }

    /// The segment and the parameters of a complete keyframe at this iteration of the line.
    private func weights(at iteration: Int) throws -> (segment: Int, weights: SHA256Digest) {
        // What lies before a fork was computed by another run, which is then the version's origin.
        for part in try ownLine().reversed() {
            let found = try store.keyframes(of: part, "AND iteration = ?", [iteration])
            if let keyframe = found.first, let weights = keyframe["parameters"] { return (part.segment, weights) }
        }
        throw conflict("no keyframe at iteration \(iteration), of which a version was to be made")
    }

    private mutating func add(_ new: NewEvaluation, version: SQLiteValue?) throws {
        guard let part = try ownLine().last(where: { $0.first - 1 <= new.iteration && new.iteration <= $0.last }) else {
            throw conflict("an evaluation at iteration \(new.iteration), which is not recorded")
        }
        let id = try store.connection.value("SELECT coalesce(max(id), 0) + 1 FROM evaluation", as: Int.self)
        var row = TableRow(
            .evaluation,
            [
                "id": .int(id), "run": run["id"], "segment": .int(part.segment), "iteration": .int(new.iteration),
                "version": new.ofVersion ? version ?? .null : .null, "split": .text(new.split),
                "scores": .text(new.scoresJSON), "created": .integer(now),
            ])
        row.set("loss", new.loss)
        try store.insert(row)
        try run.add(1, to: "evaluations")
    }

    /// The run's own part of the line that ends in this segment, with the iterations of this transaction.
    private func ownLine() throws -> [LinePart] {
        try store.update(segment)
        let number = try run.int("id")
        return try store.line(run: number, segment: segment.int("number")).filter { $0.run == number }
    }
}
