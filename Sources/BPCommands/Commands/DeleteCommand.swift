import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg delete REF`
struct DeleteCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a run, a version or a model, after asking.",
        usage: """
            bpreg delete 7             run 7, with its history, keyframes and pins
            bpreg delete iris:3        version 3 of iris
            bpreg delete iris          model iris, with its runs and versions
            bpreg delete 7 --cascade   also what depends on it
            """,
        discussion: """
            Refused where something else depends on it: a fork, a version made of the run, an alias, the current version. \
            A run that is alive cannot be deleted. Numbers are never given again. The file keeps its size until \
            bpreg gc.
            """)

    @Argument(help: "A run, a version, or a model.")
    var ref: String

    @Flag(help: "Delete what depends on it too.")
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
        try Confirmation.terminal.ask(DeleteCommand.question(deletion), at: "\(subject)", given: yes.given)
        try print(registry.delete(subject, cascade: cascade, ifUnchanged: deletion), output)
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
                .usage, "an alias is taken away, and a version deleted by its number", at: ref,
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

    /// What a person is asked about: all that would go.
    static func question(_ deletion: Deletion) -> String {
        var parts: [String] = []
        if deletion.runs.count == 1, let run = deletion.runs.first {
            parts.append("run \(run.number) with \(NumberText.counted(run.iterations, "iteration"))")
        } else if !deletion.runs.isEmpty {
            let iterations = deletion.runs.reduce(0) { $0 + $1.iterations }
            parts.append(
                "\(DeleteCommand.list("run", deletion.runs.map { "\($0.number)" })) with "
                    + NumberText.counted(iterations, "iteration"))
        }
        let pins = deletion.runs.reduce(0) { $0 + $1.pins }
        if pins > 0 { parts.append(NumberText.counted(pins, "pin")) }
        if !deletion.versions.isEmpty {
            parts.append(DeleteCommand.list("version", deletion.versions.map(\.description)))
        }
        if !deletion.aliases.isEmpty {
            parts.append(
                DeleteCommand.list("alias", deletion.aliases.map { "\($0.model)@\($0.name)" }, plural: "aliases"))
        }
        if let model = deletion.models.first { parts.append("model \(model) itself") }
        return parts.joined(separator: ", ") + " would be deleted for good"
    }

    /// `runs 7, 9 and 3 more`
    private static func list(_ noun: String, _ items: [String], plural: String? = nil) -> String {
        let shown = items.prefix(8).joined(separator: ", ")
        return (items.count == 1 ? noun : plural ?? noun + "s") + " " + shown
            + (items.count > 8 ? " and \(items.count - 8) more" : "")
    }

    private func print(_ deletion: Deletion, _ output: Output) throws {
        let aliases = deletion.aliases.map { "\($0.model)@\($0.name)" }
        if options.json {
            return try output.object([
                "runs": .array(deletion.runs.map { JSONValue($0.number) }),
                "versions": .array(deletion.versions.map { .string($0.description) }),
                "models": .array(deletion.models.map { .string($0) }),
                "aliases": .array(aliases.map { .string($0) }),
            ])
        }
        func list(_ items: [String]) -> String? { items.isEmpty ? nil : items.joined(separator: ", ") }
        var fields = Fields()
        fields.part("deleted")
        fields.add("runs", list(deletion.runs.map { "\($0.number)" }))
        fields.add("versions", list(deletion.versions.map(\.description)))
        fields.add("aliases", list(aliases))
        fields.add("models", list(deletion.models))
        try fields.write(to: output)
        try output.finish()
        Notes.next("bpreg gc\(options.registry.hint)   # makes the file smaller")
    }
}
