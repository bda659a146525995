import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg datasets`
struct DatasetsCommand: Subcommand {
    static let help = Help(
        "datasets", "List the tables that runs were trained on",
        usage: "bpreg datasets [options]",
        examples: [
            ("bpreg datasets", ""),
            ("bpreg datasets --json", ""),
            ("bpreg datasets --registry other.sqlite --csv", ""),
        ],
        notes: """
            A dataset is identified by its SHA-256. The table shows its first 12 digits.
            """,
        exits: .registry, page: "docs/commands.md#bpreg-datasets")

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        try DatasetList.columns.write(registry.datasets(), as: options.format, empty: "no datasets yet", to: output)
        return .done
    }
}
