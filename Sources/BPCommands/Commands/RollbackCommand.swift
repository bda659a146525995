import ArgumentParser
import BPRegistry

/// `bpreg rollback REF`
struct RollbackCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Moves a run's head, or a model's current version, back; nothing is deleted.",
        usage: """
            bpreg rollback RUN@POINT [options]
            bpreg rollback MODEL:VERSION [options]
            bpreg rollback RUN|MODEL --undo [options]
            """,
        discussion: """
            train --resume goes on from the point. What came after it is superseded: it is out of the default \
            history, and still there as 7.1@last, 7.1@iteration:900. A run that is alive cannot be rolled back. --undo \
            takes the last rollback back; given again, the one before.
            """)

    @Argument(help: "A point of a run, as 7@epoch:50 or 7.1@iteration:900; or a version, as iris:2.")
    var ref: String

    @Flag(help: "Take the last rollback of the run, or of the model, back.")
    var undo = false

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        let reference = try Reference(ref)
        let move: any Move = undo ? try undone(reference, registry) : try made(reference, registry)
        if options.json {
            try output.object(move.members(undone: undo))
        } else {
            try move.fields(undone: undo, hint: options.registry.hint).write(to: output)
            try output.finish()
        }
        return .done
    }

    private func made(_ reference: Reference, _ registry: Registry) throws -> any Move {
        if case .model(let model) = reference {
            let current = try registry.models().first { $0.name == model }?.currentVersion
            let older = try registry.versions(ofModel: model).first { $0.number != current }
            throw Failure(
                .usage, "a version of \(model) is wanted, which is to be the current one", at: ref,
                next: "bpreg rollback \(older?.name ?? "\(model):1")\(options.registry.hint)")
        }
        if case .run(let run, let segment, nil) = reference {
            let number = try registry.run(run).number
            let line = "\(number)" + (segment.map { ".\($0)" } ?? "")
            throw Failure(
                .usage, "a point of run \(number) is wanted, at which it is to go on", at: ref,
                next: "bpreg rollback \(line)@epoch:10, or \(line)@iteration:500, or \(line)@last")
        }
        switch try registry.resolve(reference) {
        case .run(let run):
            throw Failure(
                .usage, "a point of run \(run.number) is wanted, at which it is to go on", at: ref,
                next: "bpreg rollback \(run.number)@epoch:10")
        case .version(let version):
            return try registry.setCurrent(version.number, ofModel: version.model)
        case .point(let point):
            return RunMove(try rollback(to: point, registry), try registry.run(point.run), in: registry)
        }
    }

    /// Rolls back; what a fork took over from its parent is the parent's, and the error says how to get there.
    private func rollback(to point: Point, _ registry: Registry) throws -> HeadMove {
        do throws(RegistryError) {
            return try registry.rollback(to: point)
        } catch {
            guard case .conflict = error, let parent = try registry.run(point.run).parent,
                point.iteration < parent.iteration
            else { throw error }
            throw Failure(
                .failed, error.description, at: ref,
                next: "bpreg train --from \(parent.run).\(parent.segment)@iteration:\(point.iteration)"
                    + "\(options.registry.hint)   # a fork from there")
        }
    }

    private func undone(_ reference: Reference, _ registry: Registry) throws -> any Move {
        switch reference {
        case .run(let run, nil, nil): return try undone(ofRun: run, registry)
        case .model(let model):
            _ = try registry.versions(ofModel: model)
            do throws(RegistryError) { return try registry.undoSetCurrent(ofModel: model) } catch {
                throw nothingToUndo(error, model)
            }
        case .run(let run, _, _): throw whole("\(run)", "run")
        case .version(let model, _), .alias(let model, _): throw whole(model, "model")
        case .uuid:
            switch try registry.resolve(reference) {
            case .version(let version): throw whole(version.model, "model")
            case .run(let run): return try undone(ofRun: run.number, registry)
            case .point(let point): throw whole("\(point.run)", "run")
            }
        }
    }

    private func undone(ofRun run: Int, _ registry: Registry) throws -> RunMove {
        _ = try registry.run(run)
        do throws(RegistryError) {
            return RunMove(try registry.undoRollback(ofRun: run), try registry.run(run), in: registry)
        } catch { throw nothingToUndo(error, "\(run)") }
    }

    /// What is there is asked for as it is; that there is nothing to undo is told with where it stands.
    private func nothingToUndo(_ error: RegistryError, _ name: String) -> any Error {
        guard case .notFound = error else { return error }
        return Failure(
            .failed, error.description, at: "\(name) --undo",
            next: "bpreg log \(name)\(options.registry.hint)   # shows every move")
    }

    private func whole(_ name: String, _ kind: String) -> Failure {
        Failure(
            .usage, "--undo takes the last rollback of a whole \(kind) back, not of \(ref)", at: "\(ref) --undo",
            next: "bpreg rollback \(name) --undo\(options.registry.hint)")
    }
}
