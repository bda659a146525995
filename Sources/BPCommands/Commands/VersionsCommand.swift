import ArgumentParser
import BPRegistry
import BPReport

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
