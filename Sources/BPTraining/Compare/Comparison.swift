public import BPRegistry

/// Two or more models side by side. The first is the base; the others are compared with it.
public struct Comparison: Sendable {
    /// The models, in the order given.
    public let models: [ComparedModel]
    /// Every setting of any of their runs.
    public let settings: [ComparedSetting]
    /// The weights of each of the others against those of the base.
    public let weights: [WeightsComparison]
    /// What they do with the same rows; nil where that cannot be compared.
    public let behaviour: Behaviour?
    /// Why there is no behaviour.
    public let noBehaviour: String?

    /// Compares what `references` name: versions, points, or runs, which stand for their best epoch if they have a
    /// validation split, else for their last state.
    /// - Parameters:
    ///   - choice: the rows on which they are compared.
    ///   - rowLimit: how many rows of largest disagreement are named.
    /// - Throws: where a reference names nothing or cannot be recomputed; and where rows that were asked for cannot be
    ///   had. Where no rows were asked for, the comparison goes without and `noBehaviour` says why.
    public init(
        _ references: [String], in source: Registry, on choice: RowChoice = .automatic, rowLimit: Int = 5,
        threads: Int? = nil
    ) throws(TrainingError) {
        guard references.count >= 2 else {
            throw .setting(name: "references", value: "\(references.count)", allowed: "two or more")
        }
        let models = try references.map { text throws(TrainingError) in
            try ComparedModel(text, in: source, threads: threads)
        }
        try self.init(models, in: source, on: choice, rowLimit: rowLimit)
    }

    /// Compares models that are loaded.
    private init(
        _ models: [ComparedModel], in source: Registry, on choice: RowChoice, rowLimit: Int
    ) throws(TrainingError) {
        self.models = models
        settings = ComparedSetting.all(models)
        let base = models[0]
        weights = models.dropFirst().map {
            WeightsComparison(
                from: base.loaded.model, to: $0.loaded.model, names: (base.reference, $0.reference))
        }
        do {
            behaviour = try Behaviour(models, on: choice, rowLimit: rowLimit, in: source)
            noBehaviour = nil
        } catch {
            guard case .automatic = choice else { throw error }
            if case .registry = error { throw error }
            (behaviour, noBehaviour) = (nil, error.description)
        }
    }
}
