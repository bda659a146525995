package import BPRegistry
import BPTraining

/// The errors of a resume that is not possible, with the nearest one that is.
package enum ResumeHelp {
    /// No run was interrupted, stopped or failed, but a finished one can take more epochs.
    package static func nothing(in registry: Registry, _ location: RegistryLocation) throws -> Failure {
        let what = "no run in this registry is interrupted, stopped or failed"
        if let run = try registry.runs(ListQuery(where: #"status = "finished""#, limit: 1)).next().first {
            return Failure(
                .failed, "\(what); run \(run.number) is finished, after \(NumberText.counted(run.epochs, "epoch"))",
                at: location.place, next: more(run, epochs: 2 * run.epochs, location) + "   # continues it")
        }
        return Failure(.failed, what, at: location.place, next: "bpreg runs\(location.hint)   # shows what there is")
    }

    /// Fewer epochs than are recorded were asked for.
    package static func epochs(
        _ value: String, of number: Int?, in registry: Registry, _ location: RegistryLocation
    ) throws -> Failure {
        guard let run = try number.map({ try registry.run($0) }) ?? registry.newestResumableRun() else {
            return try nothing(in: registry, location)
        }
        let grid = try registry.segments(ofRun: run.number).first.flatMap { EpochGrid($0) }
        let begun = grid.map { run.iterations > $0.end(of: run.epochs) } ?? false
        let least = run.epochs + (begun ? 1 : 0)
        let reached = begun ? "is in epoch \(least)" : "has done \(NumberText.counted(least, "epoch"))"
        let iterations = NumberText.counted(run.iterations, "iteration")
        return Failure(
            .usage, "run \(run.number) \(reached) already, with \(iterations) recorded",
            at: "--epochs \(value)",
            next: more(run, epochs: least, location))
    }

    private static func more(_ run: RunRecord, epochs: Int, _ location: RegistryLocation) -> String {
        "bpreg train --resume \(run.number) --epochs \(epochs)\(location.hint)"
    }
}
