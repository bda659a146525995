import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg version REF`
struct VersionCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Makes any point of a run, or a version of another model, a version.",
        usage: "bpreg version REF [--model NAME] [--data FILE] [options]",
        discussion: """
            Like each new version it becomes the model's current one. A point that is not stored is recomputed and compared \
            with the recorded losses; the run it comes from is not changed.
            """)

    @Argument(help: "7@best, 7@epoch:50, 7@iteration:1234, or a version such as iris:3.")
    var ref: String

    @Option(help: ArgumentHelp("Whose version it is (default: the model that the run trains).", valueName: "name"))
    var model: String?

    @OptionGroup var data: KeptDataOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        Notes.warnOfInstructionSet()
        let name = try model.map { try ModelName($0).text }
        if name == nil, case .version(let version) = try registry.resolve(Reference(ref)) {
            throw Failure(
                .usage, "\(version.name) is a version of \(version.model) already; --model names another one", at: ref,
                next:
                    "bpreg rollback \(version.name)\(options.registry.hint)   # makes it current; --model copies it to another"
            )
        }
        let reference = try Reference(ref)
        if case .version = try registry.resolve(reference) {
            try data.refuse("a version is copied without data, with the measures that it has")
        }
        let run = try registry.recordedPoint(reference).run
        let made = try registry.makeVersion(
            of: reference, model: name, file: try data.file(forRun: run, in: registry))
        let details = try registry.details(of: made)
        try options.print(details, to: output)
        for warning in details.warnings { Notes.warn(warning) }
        let change = try VersionChange(to: made, in: registry)
        if let warning = change.warning { Notes.warn(warning) }
        Notes.say("\(made.name) is the current version of \(made.model)")
        if let previous = change.previous {
            Notes.next("bpreg rollback \(previous.name)\(options.registry.hint)   # makes that current again")
        }
        return .done
    }
}
