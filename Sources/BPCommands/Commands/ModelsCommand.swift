import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg models`
struct ModelsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists all models with their current version.")

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [
        .words("model"), .count("current_version", "current"), .count("versions"), .count("runs"), .time("created"),
        .hidden("uuid"),
    ]

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let table = TableWriter(ModelsCommand.columns, format: options.format, output: output)
        for model in try registry.models() {
            try table.add([
                .string(model.name), JSONValue(model.currentVersion), JSONValue(model.versionCount),
                JSONValue(model.runCount), TimeText.json(model.created), .string(model.uuid.description),
            ])
        }
        try table.finish(empty: "no models yet")
        return .done
    }
}
