import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg rollback REF`
struct RollbackCommand: Subcommand {
    static let help = Help(
        "rollback", "Roll a run back to an earlier point, or a model to a version",
        usage: """
            bpreg rollback REF [options]
            bpreg rollback RUN|MODEL --undo [options]
            """,
        examples: [
            ("bpreg rollback 1@epoch:50", "run 1 ends there; train --resume 1 continues"),
            ("bpreg rollback iris:1", "version 1 of iris is current again"),
            ("bpreg rollback 1 --undo", "undo the last rollback of run 1"),
        ],
        notes: """
            Nothing is deleted. The part after the point is superseded: it leaves the history of the run and stays available as
            the line of its segment, as in 1.1@last and history 1.1.
            """,
        exits: .registry, [.runAlive], page: "docs/going-back.md#rolling-a-run-back")

    @Argument(help: "A point of a run, on any of its lines (1.1@iteration:90), or a version of a model")
    var ref: String

    @Flag(help: "Undo the last rollback of a run or a model; repeat to undo the one before")
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
                .usage, "no version of \(ref) is specified", at: ref,
                next: "bpreg versions \(ref)\(options.registry.hint)   # lists them; name one, such as \(ref):1")
        }
        switch try registry.resolve(reference) {
        case .run(let run):
            throw Failure(
                .usage, "no point of run \(run.number) is specified", at: ref,
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
                : "bpreg train --resume \(move.run)\(hint)   # resumes from there; rollback \(move.run) --undo undoes it"
        )
    }

    private func print(_ move: CurrentMove, _ output: Output) throws {
        let hint = options.registry.hint
        try options.print(CurrentMoveText(move, isUndo: undo), to: output)
        if !undo, !options.json { Notes.next("bpreg rollback \(move.model) --undo\(hint)   # undoes it") }
    }
}
