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

    package static let columns = ListColumns<Row>([
        (.words("name", "version"), { .string($0.version.name) }),
        (.mark("current"), { .bool($0.version.isCurrent) }),
        (.count("run"), { JSONValue($0.version.run) }),
        (.count("epoch"), { JSONValue($0.version.epoch) }),
        (.hidden("iteration"), { JSONValue($0.version.iteration) }),
        (.measure("loss"), { $0.measure("loss") }),
        (.measure("val_loss", "val loss"), { $0.measure("val_loss") }),
        (.testScores, { $0.test }),
        (.digest("weights_sha256", "weights"), { JSONValue($0.version.weights?.hex) }),
        (.time("created"), { TimeText.json($0.version.created) }),
        (.hidden("model"), { .string($0.version.model) }),
        (.hidden("version"), { JSONValue($0.version.number) }),
        (.hidden("segment"), { JSONValue($0.version.segment) }),
        (.hidden("uuid"), { .string($0.version.uuid.description) }),
        (.hidden("archive"), { JSONValue($0.version.archive?.path) }),
    ])

    /// Prints the versions that `query` asks for, of one model or of all.
    /// - Returns: those whose weights are in an archive.
    package static func write(
        _ query: ListQuery, ofModel model: String?, in reading: any RegistryReading, as format: OutputFormat,
        to output: Output
    ) throws -> [VersionRecord] {
        let table = TableWriter(columns.columns, format: format, output: output)
        var archived: [VersionRecord] = []
        try reading.forEachVersion(ofModel: model, in: query) { version in
            try table.add(columns.values(of: Row(version)))
            if version.archive != nil { archived.append(version) }
        }
        try table.finish(
            empty: query.filter == nil ? "no versions yet; a run that finishes makes one" : "no version matches")
        return archived
    }
}

extension TableColumn {
    /// The measures on the test split: the chief one in text, all of them in JSON.
    fileprivate static var testScores: TableColumn {
        TableColumn(
            key: "test", title: "test", alignment: .left, shrinks: false, text: { RecordJSON.brief($0) ?? "–" })
    }
}
