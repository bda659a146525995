import ArgumentParser
import BPJSON
import BPRegistry
import BPTraining

/// `bpreg version REF`
struct VersionCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Makes any point of a run, or a version of another model, a version.",
        usage: "bpreg version REF [--model NAME] [options]",
        discussion: """
            The weights are recomputed and compared with the record; the version has the losses of the epoch that ended \
            there and is measured on the test split, as that of a finished run is. It becomes the model's current one. \
            The run may be alive. (bpreg versions lists what there is.)
            """)

    @Argument(help: "7@epoch:40, 7.1@iteration:900, 7 (its best epoch, or its end); or with --model a version.")
    var ref: String

    @Option(help: ArgumentHelp("The model, made if there is none (default: the run's).", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("The data, where the registry keeps only their hash.", valueName: "file"))
    var data: String?

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        let reference = try Reference(ref)
        if model == nil, case .version(let known) = try registry.resolveWeights(reference) {
            throw Failure(
                .usage, "\(known.name) is a version already", at: ref,
                next: known.isCurrent
                    ? "--model NAME   # makes it a version of another model"
                    : "bpreg rollback \(known.name)\(options.registry.hint)   # makes it current; or --model NAME")
        }
        Notes.warnOfInstructionSet()
        let made = try MadeVersion(of: reference, model: model, in: registry, file: data)
        let previous = try registry.events(of: "model:\(made.version.model)").last { event in
            event.kind == "current"
                && (try? JSONValue(parsing: event.detailJSON))?["to"]?.int == made.version.number
        }.flatMap { (try? JSONValue(parsing: $0.detailJSON))?["from"]?.int }
        try print(made, VersionDetails(made.version, in: registry), previous: previous, output)
        return .done
    }

    private func print(_ made: MadeVersion, _ details: VersionDetails, previous: Int?, _ output: Output) throws {
        if options.json {
            var members = details.members
            for key in ["kind", "layers"] { members[key] = nil }
            members["previous_version"] = JSONValue(previous)
            members["replayed"] = JSONValue(made.replayed)
            return try output.object(members)
        }
        var fields = details.fields
        let before = previous.map { "\(made.version.model):\($0)" }
        fields.add("before it", before)
        fields.add("go back", before.map { "bpreg rollback \($0)\(options.registry.hint)" })
        try fields.write(to: output)
        try output.finish()
    }
}
