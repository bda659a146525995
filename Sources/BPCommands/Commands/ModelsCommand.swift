import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg models`
struct ModelsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists all models with their current version.")

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        try ModelList.write(in: registry, as: options.format, to: output)
        return .done
    }
}
