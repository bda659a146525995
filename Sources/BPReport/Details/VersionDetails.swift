package import BPJSON
package import BPRegistry
import BPTraining

/// A version with its origin, its aliases, tags and notes.
package struct VersionDetails: Details {
    package let version: VersionRecord
    package let aliases: [String]
    let annotations: AnnotationDetails
    private let row: VersionList.Row
    private let layers: JSONValue
    /// Whether a rollback of its run left its iteration.
    private let isSuperseded: Bool

    /// - Parameter line: the line that ends in the head of its run.
    /// - Throws: `JSONError` for a description or measures that are not JSON.
    package init(
        version: VersionRecord, aliases: [String], annotations: AnnotationDetails, line: [LineRecord]
    ) throws {
        (self.version, self.aliases, self.annotations) = (version, aliases, annotations)
        row = try VersionList.Row(version)
        layers = try JSONValue(parsing: version.descriptionJSON)["network"] ?? .array([])
        isSuperseded = !line.contains(run: version.run, segment: version.segment, iteration: version.iteration)
    }

    package var members: [String: JSONValue] {
        var members = VersionList.columns.members(of: row)
        members["kind"] = "version"
        members["layers"] = layers
        members["aliases"] = .array(aliases.map { .string($0) })
        members["attempt"] = JSONValue(version.attempt)
        members["superseded"] = .bool(isSuperseded)
        members["imported"] = imported ?? .null
        members["archive_digest"] = JSONValue(version.archive?.digest.hex)
        return members.merging(annotations.members) { $1 }
    }

    package func fields(hint: String) -> Fields {
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
        fields.add("archived", version.archive.map { ArchivePlaceText.sentence($0, hint: hint) })
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

    /// Sentences about measures that say less than they seem to: losses that are not finite, an accuracy that is not above
    /// the share of the most frequent class.
    package var warnings: [String] {
        let members = members
        let losses = [("validation", members["val_loss"]), ("test", members["test"]?["loss"])]
        var warnings = losses.compactMap { split, loss in
            loss?.number?.isFinite == false
                ? "the \(split) loss of \(version.name) is not finite; bpreg evaluate \(version.name) --split \(split) names "
                    + "a row" : nil
        }
        let confusion = (members["test"]?["confusion"]?.array ?? []).map { ($0.array ?? []).compactMap(\.int) }
        let classes = (members["test"]?["classes"]?.array ?? []).compactMap(\.string)
        if confusion.count == classes.count, confusion.allSatisfy({ $0.count == classes.count }) {
            warnings += [EvaluationText.warning(confusion, classes, of: "the test rows")].compactMap { $0 }
        }
        return warnings
    }

    /// The file of the weights, if no training made them.
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
