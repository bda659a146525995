import ArgumentParser
import BPJSON
import BPRegistry
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
                next: "bpreg version \(ref) --model NAME\(options.registry.hint)"
                    + "   # or bpreg rollback \(version.name), which makes it current")
        }
        let made = try registry.makeVersion(of: Reference(ref), model: name, file: try data.file())
        let details = try VersionDetails(made, in: registry, hint: options.registry.hint)
        if options.json {
            try output.object(details.members)
        } else {
            try details.fields.write(to: output)
            try output.finish()
        }
        let previous = try VersionCommand.previous(made, in: registry)
        if let previous {
            let (old, new) = (VersionColumns(previous), VersionColumns(made))
            if old != new {
                Notes.warn("\(previous.name) predicts \(old.text), and \(made.name) \(new.text)")
            }
        }
        Notes.say("\(made.name) is the current version of \(made.model)")
        if let previous {
            Notes.next("bpreg rollback \(previous.name)\(options.registry.hint)   # makes that current again")
        }
        return .done
    }

    /// The version that was current until this one was made, as the event tells.
    private static func previous(_ made: VersionRecord, in registry: Registry) throws -> VersionRecord? {
        for event in try registry.events(of: .model(made.model)).reversed() where event.kind == "current" {
            let detail = try JSONValue(parsing: event.detailJSON)
            guard detail["to"]?.int == made.number else { continue }
            return try detail["from"]?.int.map { try registry.version(ofModel: made.model, $0) }
        }
        return nil
    }
}

/// The columns that a version predicts from, and the one that it predicts.
private struct VersionColumns: Equatable {
    private let features: Set<String>
    private let target: String

    init(_ version: VersionRecord) {
        let encoding = (try? JSONValue(parsing: version.descriptionJSON))?["encoding"]
        features = Set((encoding?["features"]?.array ?? []).compactMap { $0["name"]?.string })
        target = encoding?["target"]?["name"]?.string ?? ""
    }

    var text: String { "\(target) from \(NumberText.counted(features.count, "column"))" }
}
