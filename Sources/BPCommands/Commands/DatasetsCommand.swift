import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg datasets`
struct DatasetsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets", abstract: "Lists the tables that runs were trained on.",
        discussion: "A dataset is named by its SHA-256, of which the text shows 12 digits.")

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        try DatasetList.columns.write(registry.datasets(), as: options.format, empty: "no datasets yet", to: output)
        return .done
    }
}
