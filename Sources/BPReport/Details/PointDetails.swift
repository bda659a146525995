package import BPJSON
package import BPRegistry
package import BPTraining

/// The state of a run at a point that was named.
package struct PointDetails: Details {
    package let loaded: LoadedModel
    /// The point as it was typed.
    private let reference: String

    /// Loads the state, which is recomputed if it is not stored.
    /// - Parameter file: the run's data, if they were named.
    package init(
        _ reference: Reference, typed: String, in reading: any RegistryReading, file: DataFile? = nil
    ) throws {
        loaded = try LoadedModel(reference, in: reading.registry(holding: reference), file: file)
        self.reference = typed
    }

    package var members: [String: JSONValue] {
        [
            "kind": "point", "reference": .string(reference), "run": JSONValue(loaded.run),
            "epoch": JSONValue(loaded.epoch), "iteration": JSONValue(loaded.iteration),
            "layers": loaded.model.network.json, "parameters": JSONValue(loaded.model.parameters.count),
            "weights_sha256": .string(loaded.weightsSHA256.hex),
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add(
            "point", "\(reference): run \(loaded.run) after iteration \(loaded.iteration), epoch \(loaded.epoch)")
        fields.add("network", TrainingText.layers(loaded.model.network))
        fields.add("parameters", NumberText.grouped(loaded.model.parameters.count))
        fields.add("SHA-256", loaded.weightsSHA256.hex)
        return fields
    }
}
