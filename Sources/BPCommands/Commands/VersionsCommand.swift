import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg versions [MODEL]`
struct VersionsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "Lists the versions of a model, or of all models, newest first.",
        usage: "bpreg versions [MODEL] [--where EXPRESSION] [--sort KEYS] [options]",
        discussion: """
            --where asks for a version's own columns and measures, for its run's settings by their names, and for \
            whatever else is known of the run behind run. as in:

              bpreg versions --where 'test_accuracy > 0.95 and learning_rate <= 0.1'
              bpreg versions iris --where 'current or alias = "production"' --sort -epoch
            """)

    @OptionGroup var list: ListOptions

    @Argument(help: "The model; all of them where it is left out.")
    var model: String?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [
        .words("name", "version"), .mark("current"), .count("run"), .count("epoch"), .hidden("iteration"),
        .measure("loss"), .measure("val_loss", "val loss"), test, .digest("weights_sha256", "weights"),
        .time("created"), .hidden("model"), .hidden("version"), .hidden("segment"), .hidden("uuid"),
        .hidden("archive"),
    ]

    /// The measures on the test split: the chief one in text, all of them in JSON.
    private static let test = TableColumn(
        key: "test", title: "test", alignment: .left, shrinks: false, text: { RecordJSON.scores($0) ?? "–" })

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let table = TableWriter(VersionsCommand.columns, format: options.format, output: output)
        var archived: [VersionRecord] = []
        try list.each(registry.versions(ofModel: model, list.query())) { version in
            try table.add(VersionsCommand.row(version))
            if version.archive != nil { archived.append(version) }
        }
        try table.finish(
            empty: list.filter == nil ? "no versions yet; a run that finishes makes one" : "no version is so")
        if options.format == .text { ArchiveText.tell(of: archived, hint: options.registry.hint) }
        return .done
    }

    /// A float32 that was stored as its shortest decimal.
    private static func measure(_ value: JSONValue?) -> JSONValue { JSONValue(value?.number.map { Float($0) }) }

    /// A value for each of `columns`. The losses are those of the epoch that the version was taken from.
    static func row(_ version: VersionRecord) throws -> [JSONValue] {
        let metrics = try JSONValue(parsing: version.metricsJSON)
        return [
            .string(version.name), .bool(version.isCurrent), JSONValue(version.run), JSONValue(version.epoch),
            JSONValue(version.iteration), measure(metrics["loss"]), measure(metrics["val_loss"]),
            metrics["test"] ?? .null, JSONValue(version.weights?.hex),
            TimeText.json(version.created), .string(version.model), JSONValue(version.number),
            JSONValue(version.segment),
            .string(version.uuid.description), JSONValue(version.archive?.path),
        ]
    }
}
