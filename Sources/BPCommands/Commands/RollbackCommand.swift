import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg rollback REF`
struct RollbackCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Makes an earlier point of a run its end, or an earlier version current.",
        usage: """
            bpreg rollback 7@epoch:50   run 7 ends there, train --resume 7 goes on
            bpreg rollback iris:2       version 2 of iris is current again
            bpreg rollback 7 --undo     takes the last rollback of run 7 back
            bpreg rollback iris --undo  the same of model iris
            """,
        discussion: """
            Nothing is deleted: what came after the point is superseded. It is out of the history and of 7@…, and stays \
            there as the line of its segment: 7.1@last, history 7.1. A run that is alive cannot be rolled back.
            """)

    @Argument(help: "A point of a run, of any of its lines (7.1@iteration:900), or a version of a model.")
    var ref: String

    @Flag(help: "Take the last rollback of this run or model back; again, the one before.")
    var undo = false

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        let reference = try Reference(ref)
        if undo {
            try undo(reference, in: registry, output)
        } else {
            try rollBack(to: reference, in: registry, output)
        }
        return .done
    }

    private func rollBack(to reference: Reference, in registry: Registry, _ output: Output) throws {
        if case .model = reference {
            throw Failure(
                .usage, "which version is to be current again is not said", at: ref,
                next: "bpreg versions \(ref)\(options.registry.hint)   # lists them; name one, such as \(ref):1")
        }
        switch try registry.resolve(reference) {
        case .run(let run):
            throw Failure(
                .usage, "the point that run \(run.number) is rolled back to is not said", at: ref,
                next: "name an epoch or an iteration, for example \(run.number)@epoch:1; --undo takes a rollback back")
        case .point(let point): try print(registry.rollback(to: point), in: registry, output)
        case .version(let version): try print(registry.setCurrent(version.number, ofModel: version.model), output)
        }
    }

    private func undo(_ reference: Reference, in registry: Registry, _ output: Output) throws {
        switch reference {
        case .run(let run, nil, nil): try print(registry.undoRollback(ofRun: run), in: registry, output)
        case .model(let model): try print(registry.undoSetCurrent(ofModel: model), output)
        default:
            throw Failure(
                .usage, "--undo takes a run or a model, not a point or a version", at: "\(ref) --undo",
                next: "name the run or the model alone, for example 7 or iris",
                correction: .replacing(ref, with: String(ref.prefix { !"@:.".contains($0) })))
        }
    }

    private func print(_ move: HeadMove, in registry: Registry, _ output: Output) throws {
        let hint = options.registry.hint
        try options.print(HeadMoveText(move, isUndo: undo, in: registry), to: output)
        if options.json { return }
        Notes.next(
            undo
                ? "bpreg show \(move.run)\(hint)"
                : "bpreg train --resume \(move.run)\(hint)   # goes on from there; rollback \(move.run) --undo takes it back"
        )
    }

    private func print(_ move: CurrentMove, _ output: Output) throws {
        let hint = options.registry.hint
        try options.print(CurrentMoveText(move, isUndo: undo), to: output)
        if !undo, !options.json { Notes.next("bpreg rollback \(move.model) --undo\(hint)   # takes it back") }
    }
}
