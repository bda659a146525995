package import BPCore
internal import BPJSON
package import BPRegistry
package import BPTraining

/// Which weights of an archive are its `layer1.weight`, `layer1.bias` and so on.
package struct ArchiveWeights: Sendable, Equatable {
    /// The run whose state they are.
    package let run: UUIDv7
    /// The segment on whose line the state lies.
    package let segment: Int
    /// How many updates the state has had.
    package let iteration: Int
    /// How many epochs had ended.
    package let epoch: Int
    /// The name of the version where they came from, if they are one: `iris:3`.
    package let version: String?
    /// The SHA-256 of the parameters.
    package let digest: SHA256Digest
    /// Network, loss and encoding, as versions have them.
    package let descriptionJSON: String
    /// The layers.
    package let network: Network

    /// Weights that a registry keeps.
    /// - Throws: what reading the run and the description meets.
    package init(_ stored: StoredWeights, in registry: Registry) throws {
        run = try registry.run(stored.run).uuid
        (segment, iteration, epoch) = (stored.segment, stored.iteration, stored.epoch)
        (version, digest, descriptionJSON) = (stored.version?.name, stored.digest, stored.descriptionJSON)
        network = try StoredWeights.network(ofDescription: descriptionJSON)
    }

    /// `bpreg.weights`.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "run": .string(run.description), "segment": JSONValue(segment), "iteration": JSONValue(iteration),
            "epoch": JSONValue(epoch), "sha256": .string(digest.hex),
        ]
        if let version { members["version"] = .string(version) }
        return .object(members)
    }

    /// Reads what `json` and the description say; nil for anything else.
    init?(json text: String, descriptionJSON: String) {
        guard let json = try? JSONValue(parsing: text), let run = json["run"]?.string.flatMap({ UUIDv7($0) }),
            let segment = json["segment"]?.int, let iteration = json["iteration"]?.int, let epoch = json["epoch"]?.int,
            let digest = json["sha256"]?.string.flatMap({ SHA256Digest(hex: $0) }),
            let network = try? StoredWeights.network(ofDescription: descriptionJSON)
        else { return nil }
        (self.run, self.segment, self.iteration, self.epoch) = (run, segment, iteration, epoch)
        (version, self.digest) = (json["version"]?.string, digest)
        (self.descriptionJSON, self.network) = (descriptionJSON, network)
    }

    /// The tensors, which are the content one behind the other.
    var tensors: [(name: String, type: SafetensorsTensor.ElementType, shape: [Int])] {
        network.layers.enumerated().flatMap { index, layer in
            [
                (name: "layer\(index + 1).weight", type: .f32, shape: [layer.outputs, layer.inputs]),
                (name: "layer\(index + 1).bias", type: .f32, shape: [layer.outputs]),
            ]
        }
    }
}
