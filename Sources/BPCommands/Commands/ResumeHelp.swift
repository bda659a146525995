import BPRegistry
import BPTraining

/// What is said where a resume cannot be: which run it could be instead, or up to which epoch.
enum ResumeHelp {
    /// No run was interrupted, stopped or failed; but a finished one takes more epochs.
    static func nothing(in registry: Registry, _ option: RegistryOption) throws -> Failure {
        let what = "no run in this registry is interrupted, stopped or failed"
        if let run = try registry.runs(ListQuery(where: #"status = "finished""#, limit: 1)).next().first {
            return Failure(
                .failed, "\(what); run \(run.number) is finished, after \(NumberText.counted(run.epochs, "epoch"))",
                at: option.place, next: more(run, epochs: 2 * run.epochs, option) + "   # goes on with it")
        }
        return Failure(.failed, what, at: option.place, next: "bpreg runs\(option.hint)   # shows what there is")
    }

    /// Fewer epochs were asked for than are recorded.
    static func epochs(
        _ value: String, of number: Int?, in registry: Registry, _ option: RegistryOption
    ) throws -> Failure {
        guard let run = try number.map({ try registry.run($0) }) ?? registry.newestResumableRun() else {
            return try nothing(in: registry, option)
        }
        let grid = try registry.segments(ofRun: run.number).first.flatMap { EpochGrid($0) }
        let begun = grid.map { run.iterations > $0.end(of: run.epochs) } ?? false
        let least = run.epochs + (begun ? 1 : 0)
        let reached = begun ? "is in epoch \(least)" : "has done \(NumberText.counted(least, "epoch"))"
        let iterations = NumberText.counted(run.iterations, "iteration")
        return Failure(
            .usage, "run \(run.number) \(reached) already, with \(iterations) recorded",
            at: "--epochs \(value)",
            next: more(run, epochs: least, option))
    }

    private static func more(_ run: RunRecord, epochs: Int, _ option: RegistryOption) -> String {
        "bpreg train --resume \(run.number) --epochs \(epochs)\(option.hint)"
    }
}
