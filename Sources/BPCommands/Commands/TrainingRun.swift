import BPJSON
import BPRegistry
import BPTraining

/// The part that beginning and going on have in common: train, show progress, heed signals, tell the outcome.
struct TrainingRun {
    private let session: TrainingSession
    private let registry: RegistryOption
    private let signals: StopSignals
    private let json: Bool

    init(_ session: TrainingSession, _ registry: RegistryOption, _ signals: StopSignals, json: Bool) {
        (self.session, self.registry, self.signals, self.json) = (session, registry, signals, json)
    }

    /// Trains to the end or to a signal.
    func finish(_ output: Output) throws -> ExitStatus {
        let reporter = ProgressReporter()
        let outcome: TrainingOutcome
        do {
            defer { reporter.clear() }
            outcome = try session.train(
                stop: { signals.received.map { .signal($0) } }, progress: { reporter.update($0) })
        }
        try print(outcome, output)
        return try status(of: outcome)
    }

    private func status(of outcome: TrainingOutcome) throws -> ExitStatus {
        let iterations = NumberText.grouped(outcome.iterations)
        let place = "run \(outcome.run), iteration \(iterations)"
        let resume = "bpreg train --resume \(outcome.run)\(registry.hint)"
        switch (outcome.status, outcome.stop) {
        case (.diverged, _):
            throw Failure(
                .diverged, "run \(outcome.run) diverged: \(outcome.reason)", at: place,
                next: "a new run with a smaller --learning-rate")
        case (_, .signal(let number)?):
            Notes.say("run \(outcome.run) stopped after iteration \(iterations); everything is committed")
            Notes.next(resume)
            return ExitStatus(signal: number) ?? .failed
        case (_, .lowSpace?):
            throw Failure(
                .storage, "run \(outcome.run) was stopped: \(outcome.reason); everything is committed", at: place,
                next: "free space, then \(resume)")
        default: return .done
        }
    }

    private func print(_ outcome: TrainingOutcome, _ output: Output) throws {
        if json { return try output.object(TrainingText.members(outcome, registry)) }
        var fields = Fields()
        fields.add("run", "\(outcome.run), " + TrainingText.status(outcome.status, outcome.reason))
        fields.add("version", outcome.version.map { $0 + (outcome.versionEpoch.map { ", of epoch \($0)" } ?? "") })
        fields.add("loss", outcome.loss.map { NumberText.measure(Double($0)) + ", epoch \(outcome.epochs)" })
        fields.add(
            "val loss", outcome.validationLoss.map { NumberText.measure(Double($0)) + TrainingText.best(outcome) })
        fields.add("test", outcome.test.map(EvaluationText.line))
        fields.add("recorded", "\(NumberText.grouped(outcome.iterations)) iterations in \(registry.path)")
        if let hash = outcome.weightsSHA256 {
            fields.add("weights of", outcome.version ?? "\(outcome.run)@last")
            fields.add("SHA-256", hash)
        }
        try fields.write(to: output)
        try output.finish()
    }
}
