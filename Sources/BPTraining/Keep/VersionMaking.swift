import BPCore
import BPData
import BPJSON
public import BPRegistry

extension Registry {
    /// Makes a version of any point of a run, or of another version, of `model` or of the model that the run trains that
    /// was named. It becomes the model's current one. Its origin is the run that recorded the point: before a fork the
    /// parent, on whose data it is measured.
    /// - Throws: `TrainingError.setting` if a version would become one of its own model again; `notReproducible` if
    ///   recomputing gives other losses; `RegistryError`, `DataError`, `CoreError`.
    public func makeVersion(
        of reference: Reference, model: String? = nil, threads: Int? = nil, file: DataFile? = nil
    ) throws -> VersionRecord {
        let new: NewManualVersion
        switch try resolveWeights(reference) {
        case .version(let version):
            _ = try GivenData(file, ofRun: version.run, in: self)
            guard let model, model != version.model else {
                throw TrainingError.setting(
                    name: "model", value: version.model,
                    allowed: "another one, since \(version.name) is its version already")
            }
            new = NewManualVersion(model: model, origin: .version(version), metricsJSON: version.metricsJSON)
        case .point(let named):
            let point = try recordedPoint(named)
            let reference = Reference.run(
                point.run, segment: point.lineSegment, point: .iteration(point.iteration))
            let loaded = try LoadedModel(reference, in: self, threads: threads, file: file)
            if let refusal = loaded.refusal { throw refusal }
            let run = try self.run(named.run)
            new = try manualVersion(of: loaded, point, model: model ?? run.model, threads: threads, file: file)
        }
        return try createVersion(new)
    }

    private func manualVersion(
        of loaded: LoadedModel, _ point: Point, model: String, threads: Int?, file: DataFile?
    ) throws -> NewManualVersion {
        guard loaded.model.parameters.allSatisfy(\.isFinite) else {
            throw TrainingError.weightsNotFinite(of: "run \(point.run) after iteration \(point.iteration)")
        }
        let epochs = try self.epochs(
            ofRun: point.run, segment: point.lineSegment, from: max(1, point.epoch), to: max(1, point.epoch))
        let spec = try RecordedRun.spec(self, run: point.run, anyNumerics: true)
        func evaluate(_ split: StoredSplit) throws -> Evaluation? {
            do {
                return try loaded.evaluate(split, threads: threads ?? Attempt.processors, file: file)
            } catch TrainingError.noSplit {
                return nil
            }
        }
        let epoch = epochs.first { $0.iteration == point.iteration }
        let metrics = VersionMetrics.json(
            epoch, validation: epoch == nil ? try evaluate(.validation) : nil, try evaluate(.test), runEpochs: nil)
        return NewManualVersion(
            model: model,
            origin: .point(
                point, weights: NewTensor(TensorName.parameters, floats: loaded.model.parameters),
                descriptionJSON: TrainedModel.description(spec).serialized),
            metricsJSON: metrics.serialized)
    }
}
