import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg delete REF`
struct DeleteCommand: Subcommand {
    static let help = Help(
        "delete", "Delete a run, a version or a model, or undo that",
        usage: """
            bpreg delete REF [--cascade] [--purge] [--yes] [options]
            bpreg delete REF --undo [options]
            bpreg delete --list [options]
            """,
        examples: [
            ("bpreg delete 2 --cascade", "run 2 and everything that depends on it"),
            ("bpreg delete --list", "list the deletions that can be undone"),
            ("bpreg delete 2 --undo", "restore run 2 and everything deleted with it"),
        ],
        notes: """
            bpreg asks before it deletes. It refuses if something depends on REF: a fork, a version made of the run, an alias,
            or the current version. Numbers are not reused. A deletion can be undone for \(Deletion.daysToUndo) days, unless
            bpreg gc ends that time: it frees the space, and the file shrinks.
            """,
        exits: .registry, [.runAlive], page: "docs/upkeep.md#deleting")

    @Argument(help: "A run, a version, or a model")
    var ref: String?

    @Flag(help: "Also delete everything that depends on it")
    var cascade = false

    @Flag(help: "Delete for good; if REF is deleted, end the time to undo that")
    var purge = false

    @Flag(help: "Undo the last deletion of REF")
    var undo = false

    @Flag(help: "List the deletions that can be undone, newest first")
    var list = false

    @OptionGroup var yes: YesOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    private var hint: String { options.registry.hint }

    func execute(_ output: Output) throws -> ExitStatus {
        try refuseUselessOptions()
        if list {
            let registry = try Registry.open(at: options.registry.path, for: .reading)
            try DeletionList.columns.write(
                registry.deletions(), as: options.json ? .json : .text, empty: "no deletion can be undone", to: output)
            return .done
        }
        guard let ref else {
            throw Failure(
                .usage, "specify a run, a version or a model to delete", at: undo ? "--undo" : "REF",
                next: undo
                    ? "bpreg delete --list\(hint)   # shows the deletions that can be undone"
                    : "for example bpreg delete 7, or bpreg delete iris:3")
        }
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        if undo {
            let deletion = try registry.undoDeletion(of: try subjectByName(ref, in: registry))
            try options.print(DeletionText(deletion, isUndone: true), to: output)
            return .done
        }
        if purge, let subject = try? subjectByName(ref, in: registry),
            let kept = try registry.deletions().first(where: { $0.subject == subject }),
            try !exists(subject, in: registry)
        {
            try end(kept, in: registry, output)
        } else {
            try delete(try subject(ref, in: registry), in: registry, output)
        }
        return .done
    }

    private func delete(_ subject: Subject, in registry: Registry, _ output: Output) throws {
        let deletion = try registry.deletion(of: subject)
        if !cascade, !deletion.dependents.isEmpty {
            throw RegistryError.inUse(what: "\(subject)", by: deletion.dependents.map(\.description))
        }
        try Confirmation.terminal.ask(
            DeletionText(deletion).question(purge: purge), at: "\(subject)", given: yes.given)
        let deleted = DeletionText(
            try registry.delete(subject, cascade: cascade, purge: purge, ifUnchanged: deletion))
        try options.print(deleted, to: output)
        if options.json { return }
        if let undo = deleted.undo(hint: hint) { Notes.say(undo) }
        if purge { Notes.next("bpreg gc\(hint)   # makes the file smaller") }
    }

    /// Ends the time in which a deletion can be undone.
    private func end(_ kept: KeptDeletion, in registry: Registry, _ output: Output) throws {
        if cascade {
            throw DeleteCommand.useless(
                "--cascade", "\(kept.subject) is deleted already, with everything that depended on it")
        }
        let text = DeletionText(kept.deletion)
        try Confirmation.terminal.ask(text.question(purge: true), at: "\(kept.subject)", given: yes.given)
        for deletion in try registry.purgeDeletion(of: kept.subject).suffix(1) {
            try options.print(DeletionText(deletion), to: output)
        }
        if !options.json { Notes.next("bpreg gc\(hint)   # makes the file smaller") }
    }

    /// Refuses options that do not go together.
    private func refuseUselessOptions() throws {
        let others = [
            ("--undo", undo), ("--cascade", cascade), ("--purge", purge), ("--yes", yes.given),
        ].filter(\.1).map(\.0)
        if list {
            if let useless = others.first { throw DeleteCommand.useless(useless, "--list changes nothing") }
            guard let ref else { return }
            throw Failure(
                .usage, "--list lists every deletion that can be undone, not only that of \(ref)",
                at: ShellText.quoted(ref), next: "bpreg delete --list\(hint)")
        }
        if undo, let useless = others.first(where: { $0 != "--undo" }) {
            throw DeleteCommand.useless(useless, "--undo restores everything that was deleted, and does not ask")
        }
    }

    private static func useless(_ option: String, _ reason: String) -> Failure {
        Failure(.usage, reason, at: option, next: "leave out \(option)", correction: .removing(option))
    }

    private func exists(_ subject: Subject, in registry: Registry) throws -> Bool {
        do {
            _ = try registry.deletion(of: subject)
            return true
        } catch {
            if case .notFound = error { return false }
            return true
        }
    }

    /// The subject that a reference names, which need not exist any more.
    private func subjectByName(_ ref: String, in registry: Registry) throws -> Subject {
        switch try Reference(ref) {
        case .run(let run, nil, nil): .run(run)
        case .model(let model): .model(model)
        case .version(let model, let number): .version(model: model, number: number)
        case .uuid(let uuid):
            try registry.deletions().first { $0.deletion.runs.contains { $0.uuid == uuid } }?.subject
                ?? subject(ref, in: registry)
        default:
            throw Failure(
                .usage, "--undo takes a run, a model or a version by its number: \(ref) is none of these",
                at: ShellText.quoted(ref), next: "bpreg delete --list\(hint)   # shows the deletions that can be undone"
            )
        }
    }

    private func subject(_ ref: String, in registry: Registry) throws -> Subject {
        switch try Reference(ref) {
        case .run(let run, nil, nil): return .run(run)
        case .model(let model): return .model(model)
        case .version(let model, let number): return .version(model: model, number: number)
        case .alias(let model, let alias):
            let version = try registry.aliases(ofModel: model).first { $0.name == alias }?.version
            let name = version.map { "\(model):\($0)" } ?? "\(model):N"
            throw Failure(
                .usage, "an alias is removed, and a version is deleted by its number", at: ref,
                next: "bpreg alias \(ref) --remove\(hint)   # or bpreg delete \(name)")
        case .uuid:
            switch try registry.resolve(Reference(ref)) {
            case .run(let run): return .run(run.number)
            case .version(let version): return .version(model: version.model, number: version.number)
            case .point(let point): return .run(point.run)
            }
        case .run(let run, _, _):
            throw Failure(
                .usage, "a run is deleted as a whole, not a point or a segment of it", at: ref,
                next: "bpreg delete \(run)\(hint)   # or roll it back, and bpreg gc")
        }
    }
}
