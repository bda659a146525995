import BPJSON
import BPRegistry
import BPTraining

/// A version with where it came from.
struct VersionDetails: Details {
    private let version: VersionRecord
    private let row: [JSONValue]
    private let layers: JSONValue

    init(_ version: VersionRecord, in registry: Registry) throws {
        self.version = version
        row = try VersionsCommand.row(version, in: registry)
        layers = try JSONValue(parsing: version.descriptionJSON)["network"] ?? .array([])
    }

    var members: [String: JSONValue] {
        var members = Dictionary(uniqueKeysWithValues: zip(VersionsCommand.columns.map(\.key), row))
        members["kind"] = "version"
        members["layers"] = layers
        return members
    }

    var fields: Fields {
        let members = members
        func measure(_ key: String) -> String? { members[key]?.number.map(NumberText.measure) }
        var fields = Fields()
        fields.add("version", version.name + (version.isCurrent ? ", current" : ""))
        fields.add("origin", "run \(version.run), epoch \(version.epoch), iteration \(version.iteration)")
        fields.add("created", TimeText.plain(version.created))
        fields.add("uuid", version.uuid.description)
        fields.add("network", VersionDetails.line(layers))
        fields.add("loss", measure("loss"))
        fields.add("val loss", measure("val_loss"))
        fields.add("test", members["test"].flatMap(RecordJSON.scores))
        fields.add("SHA-256", version.weights?.hex)
        return fields
    }

    /// `4 → 32 relu → 3 softmax` of the layers' JSON.
    private static func line(_ layers: JSONValue) -> String {
        (layers.array ?? []).reduce(layers.array?.first?["n_in"]?.serialized ?? "") { line, layer in
            line + " → \(layer["n_out"]?.serialized ?? "?") \(layer["activation"]?.string ?? "?")"
        }
    }
}
