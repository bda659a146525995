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

    /// Compares models that are loaded.
    /// - Parameters:
    ///   - choice: the rows on which they are compared.
    ///   - rowLimit: how many rows of largest disagreement are named.
    /// - Throws: `setting` for fewer than two models; and where rows that were asked for cannot be had. Where no rows
    ///   were asked for, the comparison goes without and `noBehaviour` says why.
    public init(
        _ models: [ComparedModel], in registry: Registry, on choice: RowChoice = .automatic, rowLimit: Int = 5
    ) throws {
        guard models.count >= 2 else {
            throw TrainingError.setting(name: "references", value: "\(models.count)", allowed: "two or more")
        }
        self.models = models
        settings = ComparedSetting.all(models)
        let base = models[0]
        weights = models.dropFirst().map {
            WeightsComparison(
                from: base.loaded.model, to: $0.loaded.model, names: (base.reference, $0.reference))
        }
        do {
            behaviour = try Behaviour(models, on: choice, rowLimit: rowLimit, in: registry)
            noBehaviour = nil
        } catch {
            guard case .automatic = choice else { throw error }
            if error is RegistryError { throw error }
            (behaviour, noBehaviour) = (nil, "\(error)")
        }
    }
}
