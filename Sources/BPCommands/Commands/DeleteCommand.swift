import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg delete REF`
struct DeleteCommand: Subcommand {
    static let help = Help(
        "delete", "Delete a run, a version or a model",
        usage: "bpreg delete REF [--cascade] [--yes] [options]",
        examples: [
            ("bpreg delete 2 --cascade", "run 2 and everything that depends on it"),
            ("bpreg delete iris:1 --cascade", "version 1 of iris"),
            ("bpreg delete iris --yes", "a model with its runs and versions, without asking"),
        ],
        notes: """
            bpreg asks before it deletes. It refuses if something depends on REF: a fork, a version made of the run, an alias,
            or the current version. Numbers are not reused. The file shrinks at the next bpreg gc.
            """,
        exits: .registry, [.runAlive], page: "docs/upkeep.md#deleting")

    @Argument(help: "A run, a version, or a model")
    var ref: String

    @Flag(help: "Also delete everything that depends on it")
    var cascade = false

    @OptionGroup var yes: YesOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        let subject = try subject(in: registry)
        let deletion = try registry.deletion(of: subject)
        if !cascade, !deletion.dependents.isEmpty {
            throw RegistryError.inUse(what: "\(subject)", by: deletion.dependents.map(\.description))
        }
        try Confirmation.terminal.ask(DeletionText(deletion).question, at: "\(subject)", given: yes.given)
        let deleted = DeletionText(try registry.delete(subject, cascade: cascade, ifUnchanged: deletion))
        try options.print(deleted, to: output)
        if !options.json { Notes.next("bpreg gc\(options.registry.hint)   # makes the file smaller") }
        return .done
    }

    private func subject(in registry: Registry) throws -> Subject {
        switch try Reference(ref) {
        case .run(let run, nil, nil): return .run(run)
        case .model(let model): return .model(model)
        case .version(let model, let number): return .version(model: model, number: number)
        case .alias(let model, let alias):
            let version = try registry.aliases(ofModel: model).first { $0.name == alias }?.version
            let name = version.map { "\(model):\($0)" } ?? "\(model):N"
            throw Failure(
                .usage, "an alias is removed, and a version is deleted by its number", at: ref,
                next: "bpreg alias \(ref) --remove\(options.registry.hint)   # or bpreg delete \(name)")
        case .uuid:
            switch try registry.resolve(Reference(ref)) {
            case .run(let run): return .run(run.number)
            case .version(let version): return .version(model: version.model, number: version.number)
            case .point(let point): return .run(point.run)
            }
        case .run(let run, _, _):
            throw Failure(
                .usage, "a run is deleted as a whole, not a point or a segment of it", at: ref,
                next: "bpreg delete \(run)\(options.registry.hint)   # or roll it back, and bpreg gc")
        }
    }
}
