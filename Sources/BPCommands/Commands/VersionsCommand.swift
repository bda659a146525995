import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg versions [MODEL]`
struct VersionsCommand: Subcommand {
    static let help = Help(
        "versions", "List the versions of a model, or of all models",
        usage: "bpreg versions [MODEL] [--where EXPRESSION] [--sort KEYS] [options]",
        examples: [
            ("bpreg versions iris", ""),
            ("bpreg versions --where 'test_accuracy > 0.95 and learning_rate <= 0.1'", ""),
            ("bpreg versions iris --where 'current or alias = \"production\"' --sort -epoch", ""),
        ],
        notes: """
            The newest version comes first. --where and --sort know the columns and measures of a version, the settings of
            its run by their names, and everything else about the run with run. in front of the name.
            """,
        exits: .registry, page: "docs/query.md")

    @OptionGroup var list: ListOptions

    @Argument(help: "The model (default: all models)")
    var model: String?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let archived = try VersionList.write(
            list.query(), ofModel: model, columns: list.columns, in: registry, as: options.format, to: output)
        if options.format == .text, let note = ArchivePlaceText.note(archived, hint: options.registry.hint) {
            Notes.say(note)
        }
        return .done
    }
}
