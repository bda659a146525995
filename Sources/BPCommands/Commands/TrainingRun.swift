import BPRegistry
import BPReport
import BPTraining

/// The part that a new run and a resumed one have in common: train, show progress, obey signals, print the outcome.
struct TrainingRun {
    private let session: TrainingSession
    private let options: ObjectOptions
    private let signals: StopSignals

    init(_ session: TrainingSession, _ options: ObjectOptions, _ signals: StopSignals) {
        (self.session, self.options, self.signals) = (session, options, signals)
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
        let text = TrainingText(outcome, in: options.registry.location, step: step(of: outcome))
        try options.print(text, to: output)
        for warning in text.warnings { Notes.warn(warning) }
        if let next = text.next { Notes.next(next) }
        return try status(of: outcome)
    }

    /// The version that the training made beside the one that was current before.
    private func step(of outcome: TrainingOutcome) -> VersionStep? {
        guard let number = outcome.version?.split(separator: ":").last.flatMap({ Int($0) }) else { return nil }
        // The run is recorded whether or not the two can be compared.
        return try? session.registry.step(to: number, ofModel: outcome.model)
    }

    private func status(of outcome: TrainingOutcome) throws -> ExitStatus {
        let iterations = NumberText.grouped(outcome.iterations)
        let place = "run \(outcome.run), iteration \(iterations)"
        let resume = "bpreg train --resume \(outcome.run)\(options.registry.hint)"
        switch (outcome.status, outcome.stop) {
        case (.diverged, _):
            throw Failure(
                .diverged, "run \(outcome.run) diverged: \(outcome.reason)", at: place,
                next: "train a new run with a smaller --learning-rate")
        case (_, .signal(let number)?):
            Notes.say(
                outcome.status == .finished
                    ? "stopped before run \(outcome.run) gained an iteration; it stays finished"
                    : "run \(outcome.run) stopped after iteration \(iterations); everything is committed")
            Notes.next(resume)
            return ExitStatus(signal: number) ?? .failed
        case (_, .lowSpace?):
            throw Failure(
                .storage, "run \(outcome.run) was stopped: \(outcome.reason); everything is committed", at: place,
                next: "free space, then \(resume)")
        default: return .done
        }
    }
}
