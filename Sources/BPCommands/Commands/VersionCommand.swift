import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg version REF`
struct VersionCommand: Subcommand {
    static let help = Help(
        "version", "Make a version from a point of a run or another model's version",
        usage: "bpreg version REF [--model NAME] [options]",
        examples: [
            ("bpreg version 1@best", "the best epoch of run 1"),
            ("bpreg version 1@epoch:50 --model iris-early", "as a version of another model"),
            ("bpreg version iris:1 --model iris-copy", "copy a version"),
        ],
        notes: """
            The new version becomes the current one of its model. A point that is not stored is recomputed and compared with
            the recorded losses. The run does not change.
            """,
        exits: .computing, page: "docs/going-back.md#versions-and-aliases")

    @Argument(help: "A point of a run, or a version to copy")
    var ref: String

    @Option(help: ArgumentHelp("Model that the version belongs to (default: the model of the run)", valueName: "name"))
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
