import BPStore
import BPJSON

// The end of an attempt: its status, its evaluations and its version. All are recorded in the transaction with the last
// iterations. After a kill at any moment there is an end with exactly one version, or nothing of it.
extension RunRows {
    /// - Parameter former: the run's end before it was taken over; nil for a new run.
    mutating func end(_ end: RunEnd, former: StoredEnd?) throws {
        guard [.finished, .stopped, .diverged, .failed].contains(end.status) else {
            throw conflict("\(end.status.rawValue) cannot be the end of a run")
        }
        attempt.status = end.status
        attempt.ended = now
        if end.keepsFormerEnd, let former, former.status != nil, attempt.firstIteration == nil {
            former.write(to: &run)
            try store.events.add(
                .givenBack, of: .run(run.id), at: now,
                ["attempt": JSONValue(attempt.number), "status": .string(end.status.rawValue)])
            return
        }
        StoredEnd(status: end.status, reason: end.reason, ended: now).write(to: &run)
        if let origin = end.imported { try store.events.add(.imported, of: .run(run.id), at: now, origin.json) }
        try store.events.add(
            .ended, of: .run(run.id), at: now,
            [
                "status": .string(end.status.rawValue), "reason": .string(end.reason),
                "attempt": JSONValue(attempt.number), "iteration": JSONValue(run.iterations),
            ])
        let version = try end.version.map { try addVersion($0) }
        for evaluation in end.evaluations { try add(evaluation, version: version) }
        try summarize { summary in
            for new in end.evaluations { summary.add(split: new.split, loss: new.loss, scoresJSON: new.scoresJSON) }
        }
    }

    /// - Returns: the version's key.
    private mutating func addVersion(_ new: NewVersion) throws -> Int {
        let (segment, weights) = try self.weights(at: new.iteration)
        let origin = VersionOrigin(
            run: run.id, attempt: attempt.number, segment: segment, iteration: new.iteration, epoch: new.epoch,
            descriptionJSON: new.descriptionJSON, metricsJSON: new.metricsJSON,
            tensors: [TensorName(name: TensorName.parameters, digest: weights)])
        var model = try store.models.need(run.model)
        run.versions += 1
        return try Models(store).addVersion(origin, to: &model, now).id
    }

    /// The segment and the parameters of a complete keyframe at this iteration of the line.
    private func weights(at iteration: Int) throws -> (segment: Int, weights: SHA256Digest) {
        // Another run computed the part before a fork, and is then the version's origin.
        guard let keyframe = try ownLine().keyframe(at: iteration, in: store),
            let weights = keyframe[TensorName.parameters]
        else { throw conflict("no keyframe at iteration \(iteration) for the new version") }
        return (keyframe.segment, weights)
    }

    private mutating func add(_ new: NewEvaluation, version: Int?) throws {
        guard let part = try ownLine().last(where: { $0.first - 1 <= new.iteration && new.iteration <= $0.last }) else {
            throw conflict("an evaluation at iteration \(new.iteration), which is not recorded")
        }
        try store.insert(
            EvaluationRow(
                id: store.evaluations.nextID(), run: run.id, segment: part.segment, iteration: new.iteration,
                version: new.ofVersion ? version : nil, split: new.split, loss: new.loss, scoresJSON: new.scoresJSON,
                created: now))
        run.evaluations += 1
    }

    /// The run's own part of the line that ends in this segment, including the iterations of this transaction.
    private func ownLine() throws -> Line {
        try store.update(segment)
        return try Line(to: segment.number, ofRun: run.id, in: store).filter { $0.run == run.id }
    }
}
