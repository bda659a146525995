import BPCore
import BPData
public import BPRegistry

/// What a resume comes to.
public enum Resumption {
    /// The run goes on.
    case session(TrainingSession)
    /// There is nothing left to do: why.
    case nothingToDo(RunRecord, reason: String)
}

extension TrainingSession {
    /// Takes a run over, to go on where it was left.
    /// - Parameters:
    ///   - number: the run; the newest that was interrupted, stopped or failed unless said.
    ///   - options: must agree with the run's spec where they say anything.
    ///   - attempt: what it leaves out is inherited from the last attempt.
    ///   - file: the data, where the registry keeps only their hash.
    /// - Throws: `TrainingError` for a run that cannot be resumed as the options say; `RegistryError`, `DataError`,
    ///   `CoreError`.
    public static func resume(
        _ number: Int? = nil, in registry: Registry, options: TrainingOptions = .init(),
        attempt: AttemptOptions = .init(), durability: Registry.Durability? = nil, file: DataFile? = nil
    ) throws -> Resumption {
        try attempt.validate()
        guard let chosen = try number.map({ try registry.run($0) }) ?? registry.newestResumableRun() else {
            throw TrainingError.nothingResumable
        }
        let past = try RecordedRun(registry, run: chosen.number, file: file)
        let changes = past.spec.changes(options, trainingRows: past.data.training.samples.count)
        guard changes.isEmpty else { throw TrainingError.specChanged(run: chosen.number, changes: changes) }
        let last = try registry.attempts(ofRun: chosen.number).last
        let limit = attempt.epochs ?? last?.settings.epochLimit ?? TrainingDefaults.epochs
        if let reason = try past.nothingToDo(limit: limit) { return .nothingToDo(chosen, reason: reason) }

        try past.spec.checkMemory()
        let compute = try Attempt.compute(threads: attempt.threads ?? last?.settings.threads ?? Attempt.processors)
        let keep = attempt.keep ?? last.flatMap { AttemptOptions.Keep(rawValue: $0.settings.keep) } ?? .last
        guard keep == .last || past.data.validation != nil else {
            throw TrainingError.setting(
                name: "keep", value: "best", allowed: "last, since run \(chosen.number) has no validation split")
        }
        let policy = KeyframePolicy(attempt, last: last?.settings.keyframePolicyJSON)
        let loop = try past.makeLoop(compute)
        try checkSpace(registry, spec: past.spec)
        let settings = Attempt.settings(
            compute: compute, durability: durability ?? last?.settings.durability ?? .full, keep: keep, epochs: limit,
            policy: policy)
        // Read before the run is taken over: where that fails, nothing has changed.
        try past.enterKeyframe(loop, atOrBefore: past.run.iterations)
        let writer = try registry.resumeRun(chosen.number, ifUnchanged: past.run, attempt: settings)
        return .session(
            TrainingSession(
                registry: registry, spec: past.spec, loop: loop, writer: writer, settings: settings, policy: policy,
                table: past.table, model: chosen.model, resumption: past))
    }
}

extension RecordedRun {
    /// Why there is nothing left to do up to `limit` epochs; nil if there is.
    fileprivate func nothingToDo(limit: Int) throws -> String? {
        switch run.status {
        case .running:
            // `resumeRun` refuses it and says who holds it.
            return nil
        case .diverged:
            throw TrainingError.notResumable(
                run: run.number, status: run.status, reason: run.reason ?? "its loss is not finite")
        case .finished:
            if try endedByTolerance() { return "it ended by its tolerance, after epoch \(run.epochs)" }
            return limit <= run.epochs ? Ending.allEpochs(run.epochs) : nil
        case .interrupted, .stopped, .failed:
            let begun = run.iterations > grid.end(of: run.epochs)
            guard limit < run.epochs || (limit == run.epochs && begun) else { return nil }
            throw TrainingError.setting(
                name: "epochs", value: "\(limit)",
                allowed: "at least \(run.epochs + (begun ? 1 : 0)), since \(run.iterations) iterations are recorded")
        }
    }

    private func endedByTolerance() throws(RegistryError) -> Bool {
        guard let tolerance = spec.tolerance, run.epochs >= 2 else { return false }
        let last = try registry.epochs(ofRun: run.number, from: run.epochs - 1, to: run.epochs)
        return last.count == 2 && abs(Double(last[1].loss) - Double(last[0].loss)) < tolerance
    }
}
