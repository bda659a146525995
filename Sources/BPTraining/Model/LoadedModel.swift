import BPCore
public import BPData
public import BPRegistry

/// The model that a reference names, ready to predict.
public struct LoadedModel: Sendable {
    /// Network, weights and encoding.
    public let model: TrainedModel
    /// The run it comes from.
    public let run: Int
    /// The segment on whose line the state lies.
    public let segment: Int
    /// How many updates the state has had.
    public let iteration: Int
    /// How many epochs had ended.
    public let epoch: Int
    /// The version, if the reference names one.
    public let version: VersionRecord?
    /// SHA-256 over the parameters as little-endian float32 in canonical order.
    public let weightsSHA256: SHA256Digest
    /// How many iterations were recomputed to get the state; 0 where it is stored.
    public let replayed: Int
    /// The rules by which new data for this model are read: those of the data that its run was trained on, so that a value
    /// is the same category as it was in training.
    public let readingRules: ReadingRules
    /// Why no version is made of it: it is the state of the iteration before, since the run diverged in this one.
    let refusal: TrainingError?
    private let registry: Registry
    /// The data of its run that were named, which are read already.
    private let given: GivenData

    /// Loads what `reference` names: a version, the current version of a model, or any point of a run, which is
    /// recomputed from the nearest keyframe where it is not stored. A run alone means its best epoch if one
    /// has a finite validation loss, else its last state.
    /// - Throws: `RegistryError` if it names nothing or its weights cannot be read; for a state that is recomputed also
    ///   `TrainingError`, `DataError` and `CoreError`.
    public init(
        _ reference: Reference, in registry: Registry, threads: Int? = nil, file: DataFile? = nil
    ) throws {
        let run =
            switch try registry.resolveWeights(reference) {
            case .version(let version): version.run
            case .point(let point): point.run
            }
        try self.init(
            reference, in: registry, threads: threads, given: GivenData(file, ofRun: run, in: registry))
    }

    /// The same, of data that are read already.
    init(_ reference: Reference, in registry: Registry, threads: Int?, given: GivenData) throws {
        switch try registry.resolveWeights(reference) {
        case .version(let version): try self.init(version, in: registry, given: given)
        case .point(let point): try self.init(point, in: registry, threads: threads, given: given)
        }
    }

    private init(_ version: VersionRecord, in registry: Registry, given: GivenData) throws {
        (self.registry, self.given) = (registry, given)
        (run, segment, iteration, epoch) = (version.run, version.segment, version.iteration, version.epoch)
        guard let digest = version.weights else {
            throw RegistryError.damaged(
                path: registry.path, place: "version \(version.name)", what: "it has no weights")
        }
        let parameters = try registry.floats(digest)
        model = try TrainedModel(description: version.descriptionJSON, parameters: parameters)
        weightsSHA256 = digest
        self.version = version
        (replayed, refusal) = (0, nil)
        readingRules = try RunReading(of: registry.run(run), in: registry).rules
    }

    private init(_ point: Point, in registry: Registry, threads: Int?, given: GivenData) throws {
        (self.registry, self.given) = (registry, given)
        (run, segment, iteration, epoch) = (point.run, point.lineSegment, point.iteration, point.epoch)
        version = nil
        let stored = try registry.keyframeState(ofRun: point.run, segment: point.lineSegment, at: point.iteration)
        let spec: TrainingSpec
        let parameters: [Float]
        if let tensor = stored?[TensorName.parameters] {
            // What is stored can be used whichever definition of the numbers made it.
            spec = try RecordedRun.spec(registry, run: point.run, anyNumerics: true)
            parameters = tensor
            (replayed, refusal) = (0, nil)
        } else {
            let own = try registry.recordedPoint(point)
            let past = try RecordedRun(registry, run: own.run, given: given)
            spec = past.spec
            let result = try past.replay(
                to: own.iteration, segment: own.lineSegment, threads: threads ?? Attempt.processors)
            (parameters, replayed) = (result.loop.trainer.parameters, result.replayed)
            refusal = result.isSound ? nil : past.refusedUpdate(at: own)
        }
        model = try TrainedModel(spec, parameters: parameters)
        weightsSHA256 = model.weightsSHA256
        readingRules = try RunReading(of: registry.run(run), in: registry).rules
    }

    /// Predictions for each row of `table`, whose columns are matched by name.
    /// - Throws: `DataError` if the columns or values are not those of the model; `CoreError`.
    public func predict(
        _ table: Table, unknown: UnknownCategory = .refuse, threads: Int = 1
    ) throws -> Predictions {
        try model.predict(table, unknown: unknown, threads: threads)
    }

    /// Predictions for rows of numbers, whose values have the order of `model.features`.
    /// - Throws: as `TrainedModel.predict`.
    public func predict(_ rows: [[Float]], threads: Int = 1) throws -> Predictions {
        try model.predict(rows, threads: threads)
    }

    /// How well it does on a split of the data that its run was trained on.
    /// - Throws: `TrainingError` (`noSplit`, `dataUnavailable`, `badSpec`), `RegistryError`, `DataError`, `CoreError`.
    public func evaluate(
        _ split: StoredSplit, threads: Int = 1, file: DataFile? = nil
    ) throws -> Evaluation {
        let record = try registry.run(run)
        let spec = try RecordedRun.spec(registry, run: run, anyNumerics: true)
        let known = file == nil || file == given.file
        let data = known ? given : try GivenData(file, ofRun: run, in: registry)
        let table = try data.table(of: record, in: registry)
        let rows = try split.rows(of: spec.split(table), table)
        guard !rows.isEmpty else { throw TrainingError.noSplit(run: run, split: split.rawValue) }
        return try model.evaluate(table, rows: rows, unknown: .zero, threads: threads)
    }
}

/// A part of the data that a run was trained on.
public enum StoredSplit: String, CaseIterable, Sendable {
    case train, validation, test, all

    func rows(of split: Split, _ table: Table) -> [Int] {
        switch self {
        case .train: split.training
        case .validation: split.validation
        case .test: split.test
        case .all: Array(0..<table.rowCount)
        }
    }
}
