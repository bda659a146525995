import BPJSON
import BPRegistry

/// The list of models.
package enum ModelList {
    /// A model, and how its current version compares with the others.
    struct Row {
        let model: ModelRecord
        let standing: ModelStanding?
    }

    /// The columns of JSON and CSV.
    private static let columns = ListColumns<Row>([
        (.hidden("model"), { .string($0.model.name) }),
        (.hidden("current_version"), { JSONValue($0.model.currentVersion) }),
        (.hidden("versions"), { JSONValue($0.model.versionCount) }),
        (.hidden("runs"), { JSONValue($0.model.runCount) }),
        (.hidden("created"), { TimeText.json($0.model.created) }),
        (.hidden("uuid"), { .string($0.model.uuid.description) }),
        (.hidden("ranked_by"), { JSONValue($0.standing?.measure?.rawValue) }),
        (.hidden("current_loss"), { value($0.standing?.current) }),
        (.hidden("best_version"), { JSONValue($0.standing?.best?.version) }),
        (.hidden("best_loss"), { value($0.standing?.best?.loss) }),
        (.hidden("comparable_versions"), { JSONValue($0.standing?.comparable ?? 0) }),
    ])

    /// The columns of text.
    private static let texts = ListColumns<Row>([
        (.words("model"), { .string($0.model.name) }),
        (.count("current_version", "current"), { JSONValue($0.model.currentVersion) }),
        (.measure("current_loss", "current loss"), { value($0.standing?.current) }),
        (.count("best_version", "best"), { JSONValue($0.standing?.best?.version) }),
        (.measure("best_loss", "best loss"), { value($0.standing?.best?.loss) }),
        (.ranking, { JSONValue($0.standing?.measure?.rawValue) }),
        (.count("versions"), { JSONValue($0.model.versionCount) }),
        (.count("runs"), { JSONValue($0.model.runCount) }),
        (.time("created"), { TimeText.json($0.model.created) }),
    ])

    /// Prints all models.
    package static func write(in reading: any RegistryReading, as format: OutputFormat, to output: Output) throws {
        let standings = try reading.standings()
        let rows = try reading.models().map { Row(model: $0, standing: standings[$0.name]) }
        try (format == .text ? texts : columns).write(rows, as: format, empty: "no models yet", to: output)
        let skipped = rows.filter { $0.standing.map { $0.measure != nil && $0.best == nil } ?? false }
            .filter { $0.model.versionCount > 1 }
        if format == .text, !skipped.isEmpty {
            output.note(
                "no best version of \(ListText.some(skipped.map(\.model.name), most: 4)): the other versions have other "
                    + "data, another split or another loss function than the current one")
        }
    }

    private static func value(_ loss: Double?) -> JSONValue { loss.map { .float(Float($0)) } ?? .null }
}

extension TableColumn {
    /// The loss by which versions are ranked, in words.
    fileprivate static var ranking: TableColumn {
        TableColumn(key: "ranked_by", title: "by", alignment: .left, shrinks: false) { value in
            value.string.map { String($0.map { $0 == "_" ? " " : $0 }) } ?? "–"
        }
    }
}
