import BPJSON
import BPRegistry
import BPTraining

/// A version with where it came from.
struct VersionDetails: Details {
    private let version: VersionRecord
    private let row: [JSONValue]
    private let layers: JSONValue
    private let aliases: [String]
    private let annotations: AnnotationDetails
    /// Whether a rollback of its run left its iteration.
    private let isSuperseded: Bool
    /// Which registry a command to type next must name.
    private let hint: String

    init(_ version: VersionRecord, in registry: Registry, hint: String) throws {
        (self.version, self.hint) = (version, hint)
        row = try VersionsCommand.row(version)
        layers = try JSONValue(parsing: version.descriptionJSON)["network"] ?? .array([])
        aliases = try registry.aliases(ofModel: version.model).filter { $0.version == version.number }.map(\.name)
        annotations = try AnnotationDetails(.version(model: version.model, number: version.number), in: registry)
        isSuperseded = try !SegmentDetails(registry.run(version.run), in: registry)
            .isOnLine(segment: version.segment, iteration: version.iteration)
    }

    var members: [String: JSONValue] {
        var members = Dictionary(uniqueKeysWithValues: zip(VersionsCommand.columns.map(\.key), row))
        members["kind"] = "version"
        members["layers"] = layers
        members["aliases"] = .array(aliases.map { .string($0) })
        members["attempt"] = JSONValue(version.attempt)
        members["superseded"] = .bool(isSuperseded)
        members["imported"] = imported ?? .null
        members["archive_digest"] = JSONValue(version.archive?.digest.hex)
        return members.merging(annotations.members) { $1 }
    }

    var fields: Fields {
        let members = members
        func measure(_ key: String) -> String? { members[key]?.number.map(NumberText.measure) }
        var fields = Fields()
        fields.add("version", version.name + (version.isCurrent ? ", current" : ""))
        fields.add("aliases", aliases.isEmpty ? nil : aliases.map { "\(version.model)@\($0)" }.joined(separator: ", "))
        fields.add(
            "origin",
            "run \(version.run), epoch \(version.epoch), iteration \(version.iteration)"
                + (version.attempt == nil ? ", by hand" : ""))
        fields.add("imported", imported.flatMap(VersionDetails.origin))
        fields.add("superseded", isSuperseded ? "run \(version.run) was rolled back since" : nil)
        fields.add("archived", version.archive.map { ArchiveText.place($0, hint: hint) })
        fields.add("created", TimeText.plain(version.created))
        fields.add("uuid", version.uuid.description)
        annotations.add(to: &fields)
        fields.add("network", VersionDetails.line(layers))
        fields.add("loss", measure("loss"))
        fields.add("val loss", measure("val_loss"))
        fields.add("test", members["test"].flatMap(RecordJSON.scores))
        fields.add("SHA-256", version.weights?.hex)
        return fields
    }

    /// The file that the weights came from, if no training made them.
    private var imported: JSONValue? { (try? JSONValue(parsing: version.metricsJSON))?["imported"] }

    /// `fc.safetensors, SHA-256 091ba571622c`
    private static func origin(_ file: JSONValue) -> String? {
        guard let name = file["file"]?.string, let hash = file["sha256"]?.string else { return nil }
        return "from \(name), SHA-256 \(hash.prefix(12))"
    }

    /// `4 → 32 relu → 3 softmax` of the layers' JSON.
    private static func line(_ layers: JSONValue) -> String {
        (layers.array ?? []).reduce(layers.array?.first?["n_in"]?.serialized ?? "") { line, layer in
            line + " → \(layer["n_out"]?.serialized ?? "?") \(layer["activation"]?.string ?? "?")"
        }
    }
}
