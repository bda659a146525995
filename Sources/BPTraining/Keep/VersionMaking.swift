import BPCore
public import BPRegistry

/// A version that a person made.
public struct MadeVersion: Sendable {
    /// The version; it is the model's current one.
    public let version: VersionRecord
    /// How many iterations were recomputed to get its weights.
    public let replayed: Int

    /// Makes a version of the point that `reference` names, with the measures of its epoch and of the test split, as a
    /// finished run does; or of another version, with its measures. The run may be alive.
    /// - Parameters:
    ///   - model: the model's name, made if there is none; the run's, or the version's, unless said.
    ///   - file: the data, where the registry keeps only their hash.
    /// - Throws: `notReproducible`, and what the registry and the data refuse.
    public init(
        of reference: Reference, model: String? = nil, in registry: Registry, threads: Int? = nil,
        file: String? = nil
    ) throws(TrainingError) {
        let threads = threads ?? Attempt.processors
        let resolved = try fromRegistry { () throws(RegistryError) in try registry.resolveWeights(reference) }
        let new: NewManualVersion
        if case .version(let known) = resolved {
            new = NewManualVersion(
                model: model ?? known.model, origin: .version(known), metricsJSON: known.metricsJSON)
            replayed = 0
        } else {
            let restored = try RestoredPoint(reference, in: registry, threads: threads, file: file)
            new = NewManualVersion(
                model: model ?? restored.source.run.model,
                origin: .point(
                    restored.point, weights: NewTensor("parameters", floats: restored.parameters),
                    descriptionJSON: TrainedModel.description(restored.source.spec).serialized),
                metricsJSON: try restored.measures(threads: threads).json.serialized)
            replayed = restored.replayed
        }
        version = try fromRegistry { () throws(RegistryError) in try registry.createVersion(new) }
    }
}

extension RestoredPoint {
    /// What is recorded of the epoch that ended at the point, and the test split. Inside an epoch the validation split
    /// is measured too, as no epoch tells of it.
    fileprivate func measures(threads: Int) throws(TrainingError) -> VersionMeasures {
        let spec = source.spec
        let model = try TrainedModel(
            network: spec.network, loss: spec.loss, encoding: spec.encoding, parameters: parameters)
        let rows = source.data.split.test
        let test =
            rows.isEmpty ? nil : try model.evaluate(source.table, rows: rows, unknown: .zero, threads: threads)
        let epoch = try fromRegistry { () throws(RegistryError) in
            try source.source.epochs(
                ofRun: point.run, segment: point.lineSegment, from: max(1, point.epoch), to: max(1, point.epoch))
        }.first
        if let epoch, epoch.iteration == point.iteration { return VersionMeasures(epoch, test: test) }
        let validation = source.data.validation.map { split in
            let (loss, outputs) = loop.trainer.evaluate(split.samples)
            return (loss: loss, score: split.score(outputs))
        }
        return VersionMeasures(validation: validation, test: test)
    }
}
