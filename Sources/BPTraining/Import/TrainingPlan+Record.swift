import BPCore
import BPJSON
package import BPRegistry

extension TrainingPlan {
    /// Records the imported weights: as a finished run of no iterations, whose first keyframe they are, and as a version
    /// of its model, measured on the splits. Nothing is trained; a resume or a fork goes on from there.
    /// - Parameter origin: the file, which the run's events and the version's measures name.
    /// - Throws: `TrainingError.lowSpace`; `RegistryError`, `CoreError`.
    package func recordImport(
        from origin: ImportOrigin, in registry: Registry, datasetLimit: Int = TrainingDefaults.datasetLimit
    ) throws -> VersionRecord {
        try checked().recordImport(from: origin, in: registry, datasetLimit: datasetLimit)
    }
}

extension CheckedPlan {
    /// As `recordImport` of a plan.
    package func recordImport(
        from origin: ImportOrigin, in registry: Registry, datasetLimit: Int = TrainingDefaults.datasetLimit
    ) throws -> VersionRecord {
        let session = try TrainingSession.start(self, in: registry, datasetLimit: datasetLimit)
        do {
            try session.finishImport(origin)
            try session.writer.close()
        } catch {
            let reason = "\(error)"
            _ = try? session.writer.commit(RunCommit(end: RunEnd(status: .failed, reason: reason)))
            try? session.writer.close()
            throw error
        }
        guard let made = try session.versions(of: weightsHash(session.loop.trainer.parameters)).last else {
            throw RegistryError.damaged(
                path: registry.path, place: "run \(session.run)", what: "its version is not there")
        }
        return made
    }
}

extension TrainingSession {
    /// Ends a run of imported weights before its first iteration.
    fileprivate func finishImport(_ origin: ImportOrigin) throws {
        let parameters = loop.trainer.parameters
        let tensors = loop.tensors().map { NewTensor($0.name, floats: $0.floats) }
        let keyframe = loop.keyframe(.start)
        let staged = try writer.stage(keyframe, tensors: tensors)
        let model = try TrainedModel(spec, parameters: parameters)
        func measure(_ rows: [Int]) throws -> Evaluation? {
            rows.isEmpty ? nil : try model.evaluate(table, rows: rows, unknown: .zero, threads: settings.threads)
        }
        let test = try measure(loop.data.split.test)
        var metrics =
            VersionMetrics.json(
                nil, validation: try measure(loop.data.split.validation), test, runEpochs: 0
            ).object ?? [:]
        metrics["imported"] = origin.json
        let version = NewVersion(
            iteration: 0, epoch: 0, descriptionJSON: TrainedModel.description(spec).serialized,
            metricsJSON: JSONValue.object(metrics).serialized)
        let evaluations = test.map {
            NewEvaluation(
                split: StoredSplit.test.rawValue, iteration: 0, loss: $0.loss, scoresJSON: $0.scoresJSON.serialized,
                ofVersion: true)
        }
        let end = RunEnd(
            status: .finished, reason: "imported from \(origin.file)", evaluations: evaluations.map { [$0] } ?? [],
            version: version, imported: origin)
        _ = try writer.commit(RunCommit(keyframes: [staged], end: end))
    }
}
