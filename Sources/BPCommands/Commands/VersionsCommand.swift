import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg versions [MODEL]`
struct VersionsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "Lists the versions of a model, or of all models, newest first.")

    @Argument(help: "The model; all of them where it is left out.")
    var model: String?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [
        .words("name", "version"), .mark("current"), .count("run"), .count("epoch"), .hidden("iteration"),
        .measure("loss"), .measure("val_loss", "val loss"), test, .digest("weights_sha256", "weights"),
        .time("created"), .hidden("model"), .hidden("version"), .hidden("segment"), .hidden("uuid"),
    ]

    /// The measures on the test split: the chief one in text, all of them in JSON.
    private static let test = TableColumn(
        key: "test", title: "test", alignment: .left, shrinks: false, text: { RecordJSON.scores($0) ?? "–" })

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let table = TableWriter(VersionsCommand.columns, format: options.format, output: output)
        for version in try registry.versions(ofModel: model) {
            try table.add(VersionsCommand.row(version, in: registry))
        }
        try table.finish(empty: "no versions yet; a run that finishes makes one")
        return .done
    }

    /// A value for each of `columns`. The losses are those of the epoch that the version was taken from.
    static func row(_ version: VersionRecord, in registry: Registry) throws -> [JSONValue] {
        let epoch = try registry.epochs(
            ofRun: version.run, segment: version.segment, from: max(1, version.epoch), to: max(1, version.epoch)
        ).first { $0.epoch == version.epoch }
        let metrics = try JSONValue(parsing: version.metricsJSON)
        return [
            .string(version.name), .bool(version.isCurrent), JSONValue(version.run), JSONValue(version.epoch),
            JSONValue(version.iteration), JSONValue(epoch?.loss), JSONValue(epoch?.validationLoss),
            metrics["test"] ?? .null, JSONValue(version.weights?.hex),
            TimeText.json(version.created), .string(version.model), JSONValue(version.number),
            JSONValue(version.segment),
            .string(version.uuid.description),
        ]
    }
}
