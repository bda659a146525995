import BPJSON
package import BPRegistry

/// The list of runs.
package enum RunList {
    package static let columns = ListColumns<RunRecord>([
        (.count("run"), { JSONValue($0.number) }),
        (.words("model"), { .string($0.model) }),
        (.mark("status"), { .string($0.status.rawValue) }),
        (.count("epoch"), { JSONValue($0.epochs) }),
        (.count("iteration"), { JSONValue($0.iterations) }),
        (.measure("loss"), { JSONValue($0.epochLoss) }),
        (.measure("val_loss", "val loss"), { JSONValue($0.validationLoss) }),
        (.count("best_epoch", "best"), { JSONValue($0.best?.epoch) }),
        (.time("created"), { TimeText.json($0.created) }),
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

    /// Prints the runs that `query` asks for, row by row.
    package static func write(
        _ query: ListQuery, in reading: any RegistryReading, as format: OutputFormat, to output: Output
    ) throws {
        let table = TableWriter(columns.columns, format: format, output: output)
        try reading.forEachRun(in: query) { try table.add(columns.values(of: $0)) }
        try table.finish(empty: empty(query))
    }

    /// Prints them as text with their forks under them.
    package static func writeTree(_ query: ListQuery, in reading: any RegistryReading, to output: Output) throws {
        let table = TableWriter(RunTree.columns, format: .text, output: output)
        var runs: [RunRecord] = []
        try reading.forEachRun(in: query) { runs.append($0) }
        try RunTree(runs, isUnicode: output.isUnicode).write(to: table, reading)
        try table.finish(empty: empty(query))
    }

    private static func empty(_ query: ListQuery) -> String {
        query.filter != nil ? "no run matches" : query.limit == 0 ? "no run is shown" : "no runs yet"
    }
}
