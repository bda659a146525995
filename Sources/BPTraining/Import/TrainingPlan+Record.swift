import BPCore
import BPJSON
public import BPRegistry

extension TrainingPlan {
    /// Records the imported weights: as a finished run of no iterations, whose first keyframe they are, and as a version
    /// of its model, measured on the splits. Nothing is trained; a resume or a fork goes on from there.
    /// - Parameter origin: the file, which the run's events and the version's measures name.
    /// - Throws: `lowSpace`, and what the core and the registry refuse.
    public func recordImport(
        from origin: ImportOrigin, in source: Registry, datasetLimit: Int = TrainingDefaults.datasetLimit
    ) throws(TrainingError) -> VersionRecord {
        let session = try TrainingSession.start(self, in: source, datasetLimit: datasetLimit)
        do throws(TrainingError) {
            try session.finishImport(origin)
            try fromRegistry { () throws(RegistryError) in try session.writer.close() }
        } catch {
            let reason = error.description
            _ = try? session.writer.commit(RunCommit(end: RunEnd(status: .failed, reason: reason)))
            try? session.writer.close()
            throw error
        }
        let made = try fromRegistry { () throws(RegistryError) in try source.versions(ofRun: session.run) }.last
        guard let made else {
            throw .registry(
                .damaged(path: source.path, place: "run \(session.run)", what: "its version is not there"))
        }
        return made
    }
}

extension TrainingSession {
    /// Ends a run of imported weights before its first iteration.
    fileprivate func finishImport(_ origin: ImportOrigin) throws(TrainingError) {
        let parameters = loop.trainer.parameters
        let tensors =
            [NewTensor("parameters", floats: parameters)]
            + spec.optimizer.slotNames.enumerated().map { NewTensor($1, floats: loop.trainer.slot($0)) }
        let keyframe = loop.keyframe(.start)
        let staged = try fromRegistry { () throws(RegistryError) in try writer.stage(keyframe, tensors: tensors) }
        let model = try TrainedModel(
            network: spec.network, loss: spec.loss, encoding: spec.encoding, parameters: parameters)
        func measure(_ rows: [Int]) throws(TrainingError) -> Evaluation? {
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
                split: "test", iteration: 0, loss: $0.loss, scoresJSON: $0.scoresJSON.serialized, ofVersion: true)
        }
        let end = RunEnd(
            status: .finished, reason: "imported from \(origin.file)", evaluations: evaluations.map { [$0] } ?? [],
            version: version, imported: origin)
        _ = try fromRegistry { () throws(RegistryError) in
            try writer.commit(RunCommit(keyframes: [staged], end: end))
        }
    }
}
