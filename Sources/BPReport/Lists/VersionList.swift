package import BPJSON
package import BPRegistry

/// The list of versions.
package enum VersionList {
    /// A version with its measures. The losses are those of the epoch that it was taken from.
    package struct Row {
        package let version: VersionRecord
        private let metrics: JSONValue

        init(_ version: VersionRecord) throws {
            self.version = version
            metrics = try JSONValue(parsing: version.metricsJSON)
        }

        /// A float32 that was stored as its shortest decimal.
        package func measure(_ name: String) -> JSONValue { JSONValue(metrics[name]?.number.map { Float($0) }) }

        /// All measures on the test split.
        package var test: JSONValue { metrics["test"] ?? .null }
    }

    /// The columns of JSON and CSV, and the members that `show` shares with them.
    package static let columns = ListColumns<Row>([
        (.hidden("name"), { .string($0.version.name) }),
        (.hidden("current"), { .bool($0.version.isCurrent) }),
        (.hidden("run"), { JSONValue($0.version.run) }),
        (.hidden("epoch"), { JSONValue($0.version.epoch) }),
        (.hidden("iteration"), { JSONValue($0.version.iteration) }),
        (.hidden("loss"), { $0.measure("loss") }),
        (.hidden("val_loss"), { $0.measure("val_loss") }),
        (.hidden("test"), { $0.test }),
        (.hidden("weights_sha256"), { JSONValue($0.version.weights?.hex) }),
        (.hidden("created"), { TimeText.json($0.version.created) }),
        (.hidden("model"), { .string($0.version.model) }),
        (.hidden("version"), { JSONValue($0.version.number) }),
        (.hidden("segment"), { JSONValue($0.version.segment) }),
        (.hidden("uuid"), { .string($0.version.uuid.description) }),
        (.hidden("archive"), { JSONValue($0.version.archive?.path) }),
        (.hidden("val_score"), { $0.measure("val_score") }),
    ])

    /// The columns of text, in their order, and the place of the settings among them.
    private static let names = [
        "name", "current", "run", "epoch", "val_loss", "test", "loss", "weights", "created", "run.score_name",
    ]
    private static let placeOfSettings = 4
    private static let ranking = "val_loss"

    /// The facts about its rows that the list needs.
    static var request: ListRequest { ListRequest(names: names, ranking: ranking) }

    /// Prints the versions that `query` asks for, of one model or of all.
    /// - Parameter columns: names of docs/query.md, separated by commas; nil for the usual columns.
    /// - Returns: those whose weights are in an archive.
    package static func write(
        _ query: ListQuery, ofModel model: String?, columns: String? = nil, in reading: any RegistryReading,
        as format: OutputFormat, to output: Output
    ) throws -> [VersionRecord] {
        var request = request
        (request.columns, request.looksAtRows) = (columns, format == .text)
        request.wantsNames = columns == nil && format == .csv
        let outline = try reading.outline(ofVersions: query, ofModel: model, request)
        let empty = query.filter == nil ? "no versions yet; a run that finishes makes one" : "no version matches"
        var archived: [VersionRecord] = []
        func forEach(
            _ fields: [ListedField], withDetails: Bool = false, _ body: (ListedRow<VersionRecord>) throws -> Void
        ) throws {
            try reading.forEachVersion(ofModel: model, in: query, fields, withDetails: withDetails) { row in
                if row.record.archive != nil { archived.append(row.record) }
                try body(row)
            }
        }
        if format == .text {
            try writeText(query, outline, empty, forEach, to: output)
        } else if let chosen = outline.columns {
            let texts = chosen.map { FieldText($0) }
            let table = TableWriter(chosen.map { TableColumn.hidden($0.name) }, format: format, output: output)
            try forEach(chosen) { row in try table.add(zip(row.values, texts).map { $1.json($0) }) }
            try table.finish(empty: empty)
        } else {
            let settings: [TableColumn] =
                format == .json
                ? [.hidden("settings")] : outline.settingNames.map { TableColumn.hidden("setting." + $0) }
            let table = TableWriter(self.columns.columns + settings, format: format, output: output)
            try forEach([], withDetails: true) { row in
                let values = Dictionary(row.settings.map { ($0.name, $0.value.json) }) { first, _ in first }
                try table.add(
                    self.columns.values(of: Row(row.record))
                        + (format == .json ? [.object(values)] : outline.settingNames.map { values[$0] ?? .null }))
            }
            try table.finish(empty: empty)
        }
        return archived
    }

    private static func writeText(
        _ query: ListQuery, _ outline: ListOutline, _ empty: String,
        _ forEach: ([ListedField], Bool, (ListedRow<VersionRecord>) throws -> Void) throws -> Void, to output: Output
    ) throws {
        let list = ListTable(
            outline, usual(outline, output), settingsAt: placeOfSettings,
            ranking: outline.fields.first { $0.name == ranking }, "version", output)
        let score = outline.fields.filter { $0.name == "run.score_name" }
        let table = TableWriter(list.tableColumns, format: .text, output: output)
        var names: [Int: String] = [:]
        try forEach(list.fields + score, false) { row in
            let name: String? = if case .text(let text)? = row.values.last, !score.isEmpty { text } else { nil }
            try table.add(list.texts(row.row, row.values, score: name))
            if names.count < ListOutline.most { names[row.row] = row.record.name }
        }
        try table.finish(empty: empty)
        list.note("version", to: output) { names[$0] ?? "\($0)" }
    }

    /// The usual columns. Those of the validation and test splits are left out if no version has one.
    private static func usual(_ outline: ListOutline, _ output: Output) -> [ListColumn] {
        outline.fields.compactMap { field in
            switch field.name {
            case "name": ListColumn(field, "version", stays: true)
            case "val_loss": outline.ranks.isEmpty ? nil : ListColumn(field, "val loss", stays: true)
            case "test":
                outline.scores.isEmpty
                    ? nil : ListColumn(field, "test " + ScoreTitle.of(outline.scores), stays: true)
            case "run.score_name": nil
            default: ListColumn(field)
            }
        }
    }
}
