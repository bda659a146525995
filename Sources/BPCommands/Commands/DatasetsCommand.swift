import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg datasets`
struct DatasetsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets", abstract: "Lists the tables that runs were trained on.",
        discussion: "A dataset is named by its SHA-256, of which the text shows 12 digits.")

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [
        .digest("dataset_sha256", "dataset"), .words("name"), .count("rows"), .count("columns"), .count("bytes"),
        .mark("stored"), .time("created"), .words("source"),
    ]

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let table = TableWriter(DatasetsCommand.columns, format: options.format, output: output)
        for dataset in try registry.datasets() {
            try table.add([
                .string(dataset.hash.hex), .string(dataset.name), JSONValue(dataset.rows),
                JSONValue(dataset.columns.count), JSONValue(dataset.bytes), .bool(dataset.isStored),
                TimeText.json(dataset.created), .string(dataset.sourcePath),
            ])
        }
        try table.finish(empty: "no datasets yet")
        return .done
    }
}
