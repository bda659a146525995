import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg models`
struct ModelsCommand: Subcommand {
    static let help = Help(
        "models", "List models and their current versions",
        usage: "bpreg models [options]",
        examples: [
            ("bpreg models", ""),
            ("bpreg models --csv", ""),
            ("bpreg models --registry other.sqlite --json", ""),
        ],
        exits: .registry, page: "docs/commands.md#bpreg-models")

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        try ModelList.write(in: registry, as: options.format, to: output)
        return .done
    }
}
