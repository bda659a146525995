import BPJSON
package import BPRegistry

/// The list of runs.
package enum RunList {
    /// The columns of JSON and CSV, and the members that `show` shares with them.
    package static let columns = ListColumns<RunRecord>([
        (.hidden("run"), { JSONValue($0.number) }),
        (.hidden("model"), { .string($0.model) }),
        (.hidden("status"), { .string($0.status.rawValue) }),
        (.hidden("epoch"), { JSONValue($0.epochs) }),
        (.hidden("iteration"), { JSONValue($0.iterations) }),
        (.hidden("loss"), { JSONValue($0.epochLoss) }),
        (.hidden("val_loss"), { JSONValue($0.validationLoss) }),
        (.hidden("best_epoch"), { JSONValue($0.best?.epoch) }),
        (.hidden("created"), { TimeText.json($0.created) }),
        (.hidden("reason"), { JSONValue($0.reason) }),
        (.hidden("val_score"), { RecordJSON.score($0.validationScore) }),
        (.hidden("score_name"), { JSONValue($0.scoreName) }),
        (.hidden("best_iteration"), { JSONValue($0.best?.iteration) }),
        (.hidden("best_val_loss"), { JSONValue($0.best?.loss) }),
        (.hidden("last_loss"), { JSONValue($0.lastLoss) }),
        (.hidden("seconds"), { .seconds($0.seconds) }),
        (.hidden("attempt_count"), { JSONValue($0.attemptCount) }),
        (.hidden("updated"), { TimeText.json($0.updated) }),
        (.hidden("ended"), { TimeText.json($0.ended) }),
        (.hidden("dataset_sha256"), { .string($0.dataset.hex) }),
        (.hidden("spec_sha256"), { .string($0.spec.hex) }),
        (.hidden("uuid"), { .string($0.uuid.description) }),
        (.hidden("parent_run"), { JSONValue($0.parent?.run) }),
        (.hidden("parent_iteration"), { JSONValue($0.parent?.iteration) }),
        (.hidden("segment"), { JSONValue($0.headSegment) }),
        (.hidden("segment_count"), { JSONValue($0.segmentCount) }),
    ])

    /// The columns of text, in their order, and the place of the settings among them.
    private static let names = [
        "run", "model", "status", "best_val_loss", "best_epoch", "best.val_score", "epochs", "loss", "val_loss",
        "seconds", "created",
    ]
    private static let placeOfSettings = 3
    private static let ranking = "best_val_loss"

    /// The facts about its rows that the list needs.
    static var request: ListRequest { ListRequest(names: names, ranking: ranking) }

    /// Prints the runs that `query` asks for, row by row.
    /// - Parameter columns: names of docs/query.md, separated by commas; nil for the usual columns.
    package static func write(
        _ query: ListQuery, columns: String? = nil, in reading: any RegistryReading, as format: OutputFormat,
        to output: Output
    ) throws {
        var request = request
        request.columns = columns
        switch format {
        case .text: try writeText(query, request, in: reading, to: output)
        case .json, .csv:
            request.looksAtRows = false
            request.wantsNames = columns == nil && format == .csv
            let outline = try reading.outline(ofRuns: query, request)
            if let chosen = outline.columns {
                let texts = chosen.map { FieldText($0) }
                let table = TableWriter(chosen.map { TableColumn.hidden($0.name) }, format: format, output: output)
                try reading.forEachRun(in: query, chosen, withDetails: false) { row in
                    try table.add(zip(row.values, texts).map { $1.json($0) })
                }
                return try table.finish(empty: "")
            }
            let details = RunFacts(outline, format)
            let table = TableWriter(self.columns.columns + details.columns, format: format, output: output)
            try reading.forEachRun(in: query, [], withDetails: true) { row in
                try table.add(self.columns.values(of: row.record) + details.values(of: row))
            }
            try table.finish(empty: "")
        }
    }

    private static func writeText(
        _ query: ListQuery, _ request: ListRequest, in reading: any RegistryReading, to output: Output
    ) throws {
        let outline = try reading.outline(ofRuns: query, request)
        let list = ListTable(
            outline, usual(outline, output), settingsAt: placeOfSettings,
            ranking: outline.fields.first { $0.name == ranking }, "run", output)
        let table = TableWriter(list.tableColumns, format: .text, output: output)
        try reading.forEachRun(in: query, list.fields, withDetails: false) { row in
            try table.add(list.texts(row.row, row.values, score: row.record.scoreName))
        }
        try table.finish(empty: empty(query))
        list.note("run", to: output) { "\($0)" }
    }

    /// The usual columns. Those of the validation split are left out if no run has one.
    private static func usual(_ outline: ListOutline, _ output: Output) -> [ListColumn] {
        outline.fields.compactMap { field in
            switch field.name {
            case "run": ListColumn(field, stays: true)
            case "best_val_loss": outline.ranks.isEmpty ? nil : ListColumn(field, "best val loss", stays: true)
            case "best_epoch": outline.ranks.isEmpty ? nil : ListColumn(field, "at epoch", stays: true)
            case "best.val_score":
                outline.ranks.isEmpty || outline.scores.isEmpty
                    ? nil : ListColumn(field, "val " + ScoreTitle.of(outline.scores), stays: true)
            case "val_loss": outline.ranks.isEmpty ? nil : ListColumn(field, "val loss")
            case "seconds": ListColumn(field, "time", isTime: true)
            default: ListColumn(field)
            }
        }
    }

    /// Prints them as text with their forks under them.
    package static func writeTree(_ query: ListQuery, in reading: any RegistryReading, to output: Output) throws {
        let table = TableWriter(RunTree.columns, format: .text, output: output)
        var runs: [RunRecord] = []
        try reading.forEachRun(in: query) { runs.append($0) }
        try RunTree(runs, isUnicode: output.isUnicode).write(to: table, reading)
        try table.finish(empty: empty(query))
    }

    static func empty(_ query: ListQuery) -> String {
        query.filter != nil ? "no run matches" : query.limit == 0 ? "no run is shown" : "no runs yet"
    }
}

/// The title of a column of scores.
enum ScoreTitle {
    /// `accuracy` or `R²` if all runs have the same score, otherwise `score`.
    static func of(_ scores: Set<String>) -> String {
        guard scores.count == 1, let name = scores.first else { return "score" }
        return EvaluationText.title(name)
    }
}
