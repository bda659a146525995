package import BPCore
import BPData
import BPJSON
package import BPRegistry

/// Weights that the registry keeps as a tensor: where they stand in the record, and the network they belong to.
package struct StoredWeights: Sendable {
    /// The run whose state they are.
    package let run: Int
    /// The segment on whose line the state lies.
    package let segment: Int
    /// How many updates the state has had.
    package let iteration: Int
    /// How many epochs had ended.
    package let epoch: Int
    /// The version, if they are one.
    package let version: VersionRecord?
    /// The SHA-256 of the parameters as little-endian float32 in canonical order, by which the tensor is named.
    package let digest: SHA256Digest
    /// Network, loss and encoding, as versions have them.
    package let descriptionJSON: String

    /// What `reference` means, the best first: a version's weights; a point's; of a run alone those of its best epoch if
    /// one has a finite validation loss, else its last state, and after them whatever else its line has.
    ///
    /// Nothing is recomputed: what is not stored is not among them, and the list may be empty.
    /// - Throws: `RegistryError` if it names nothing, `TrainingError.badSpec`.
    package static func of(_ reference: Reference, in registry: Registry) throws -> [StoredWeights] {
        switch try registry.resolve(reference) {
        case .version(let version): return [version].compactMap { StoredWeights($0) }
        case .point(let point):
            let keyframe = try registry.keyframe(ofRun: point.run, segment: point.lineSegment, at: point.iteration)
            let description = try description(ofRun: point.run, in: registry)
            return [keyframe].compactMap { $0 }.compactMap { StoredWeights($0, description) }
        case .run(let run):
            let keyframes = try registry.keyframes(ofRun: run.number)
            let description = try description(ofRun: run.number, in: registry)
            let preferred = run.hasValidation ? run.best?.iteration : run.iterations
            return (keyframes.filter { $0.iteration == preferred } + keyframes.reversed())
                .compactMap { StoredWeights($0, description) }
        }
    }

    private init?(_ version: VersionRecord) {
        guard let digest = version.weights else { return nil }
        (run, segment, iteration, epoch) = (version.run, version.segment, version.iteration, version.epoch)
        (self.version, self.digest, descriptionJSON) = (version, digest, version.descriptionJSON)
    }

    private init?(_ keyframe: KeyframeRecord, _ description: String) {
        guard let digest = keyframe[TensorName.parameters] else { return nil }
        (run, segment, iteration, epoch) = (keyframe.run, keyframe.segment, keyframe.iteration, keyframe.epoch)
        (version, self.digest, descriptionJSON) = (nil, digest, description)
    }

    private static func description(ofRun run: Int, in registry: Registry) throws -> String {
        TrainedModel.description(try RecordedRun.spec(registry, run: run, anyNumerics: true)).serialized
    }

    /// The network of a version's description.
    /// - Throws: `badSpec` if it is not a description, `CoreError` for a network that cannot be.
    package static func network(ofDescription text: String) throws -> Network {
        guard let json = try? JSONValue(parsing: text), json["format"]?.int == 1, let network = json["network"] else {
            throw TrainingError.badSpec(run: nil, what: "a version's description has no network")
        }
        return try Network(json: network, run: nil)
    }
}
