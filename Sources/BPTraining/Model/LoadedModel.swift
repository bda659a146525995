import BPCore
import BPData
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
    public let weightsSHA256: String
    /// How many iterations were recomputed to get the state; 0 where it is stored.
    public let replayed: Int
    /// Why no version is made of it: it is the state of the iteration before, since the run diverged in this one.
    let refusal: TrainingError?
    private let source: Registry

    /// Loads what `reference` names: a version, the current version of a model, or any point of a run, which is
    /// recomputed from the nearest keyframe where it is not stored. A run alone means its best epoch if it has a
    /// validation split, else its last state.
    /// - Throws: `RegistryError` if it names nothing or its weights cannot be read; for a state that is recomputed also
    ///   `TrainingError`, `DataError` and `CoreError`.
    public init(
        _ reference: Reference, in source: Registry, threads: Int? = nil, file: DataFile? = nil
    ) throws {
        switch try source.resolveWeights(reference) {
        case .version(let version): try self.init(version, in: source)
        case .point(let point): try self.init(point, in: source, threads: threads, file: file)
        }
    }

    private init(_ version: VersionRecord, in source: Registry) throws {
        self.source = source
        (run, segment, iteration, epoch) = (version.run, version.segment, version.iteration, version.epoch)
        guard let digest = version.weights else {
            throw RegistryError.damaged(path: source.path, place: "version \(version.name)", what: "it has no weights")
        }
        let parameters = try source.floats(digest)
        model = try TrainedModel(description: version.descriptionJSON, parameters: parameters)
        weightsSHA256 = digest.hex
        self.version = version
        (replayed, refusal) = (0, nil)
    }

    private init(_ point: Point, in source: Registry, threads: Int?, file: DataFile?) throws {
        self.source = source
        (run, segment, iteration, epoch) = (point.run, point.lineSegment, point.iteration, point.epoch)
        version = nil
        let stored = try source.keyframeState(ofRun: point.run, segment: point.lineSegment, at: point.iteration)
        let spec: TrainingSpec
        let parameters: [Float]
        if let tensor = stored?["parameters"] {
            // What is stored can be used whichever definition of the numbers made it.
            spec = try RunSource.spec(source, run: point.run, anyNumerics: true)
            parameters = tensor
            (replayed, refusal) = (0, nil)
        } else {
            let own = try RunSource.holder(of: point, in: source)
            let past = try RunSource(source, run: own.run, file: file)
            spec = past.spec
            let restored = try past.restore(
                own.iteration, segment: own.lineSegment, threads: threads ?? Attempt.processors)
            (parameters, replayed) = (restored.loop.trainer.parameters, restored.replayed)
            refusal = restored.isSound ? nil : past.refusedUpdate(at: own)
        }
        model = try TrainedModel(
            network: spec.network, loss: spec.loss, encoding: spec.encoding, parameters: parameters)
        weightsSHA256 = weightsHash(parameters)
    }

    /// How well it does on a split of the data that its run was trained on.
    /// - Throws: `TrainingError` (`noSplit`, `dataUnavailable`, `badSpec`), `RegistryError`, `DataError`, `CoreError`.
    public func evaluate(
        _ split: StoredSplit, threads: Int = 1, file: DataFile? = nil
    ) throws -> Evaluation {
        let record = try source.run(run)
        let spec = try RunSource.spec(source, run: run, anyNumerics: true)
        let table = try RunSource.table(source, run: record, file: file)
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
