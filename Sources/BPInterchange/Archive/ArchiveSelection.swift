package import BPRegistry
import BPTraining

/// The content of an archive of a reference, and the weights that its layers may be.
package struct ArchiveSelection {
    /// The runs, version or model to write.
    package let subject: Subject
    /// Weights that `layer1.weight` and so on may be, the best first.
    package let candidates: [ArchiveWeights]

    /// The selection that a reference means; nil for a point of a run, which is not archived alone.
    /// - Throws: `RegistryError` if it names nothing.
    package init?(_ reference: Reference, in registry: Registry) throws {
        if case .model(let model) = reference {
            let record = try registry.models().first { $0.name == model }
            let hasNoVersion = record != nil && record?.currentVersion == nil
            let weights = hasNoVersion ? [] : try StoredWeights.of(reference, in: registry)
            (subject, candidates) = (.model(model), try weights.map { try ArchiveWeights($0, in: registry) })
            return
        }
        candidates = try StoredWeights.of(reference, in: registry).map { try ArchiveWeights($0, in: registry) }
        switch try registry.resolve(reference) {
        case .run(let run): subject = .run(run.number)
        case .version(let version): subject = .version(model: version.model, number: version.number)
        case .point: return nil
        }
    }
}
