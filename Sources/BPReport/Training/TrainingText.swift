package import BPCore
package import BPJSON
package import BPRegistry
package import BPTraining

/// The outcome of a training, as JSON and in words, and the words for its parts.
package struct TrainingText: Details {
    private let outcome: TrainingOutcome
    private let location: RegistryLocation
    private let step: VersionStep?

    /// - Parameter step: the new version beside the one that was current before.
    package init(_ outcome: TrainingOutcome, in location: RegistryLocation, step: VersionStep? = nil) {
        (self.outcome, self.location, self.step) = (outcome, location, step)
    }

    /// The command that makes the version before current again, if the new one is worse.
    package var next: String? {
        guard let step, setback != nil else { return nil }
        return "bpreg rollback \(step.previous)\(location.hint)   # makes \(step.previous) current again"
    }

    /// A sentence about a new version that is worse than the one that was current before.
    private var setback: String? {
        guard let step, step.loss > step.previousLoss else { return nil }
        let losses = [step.loss, step.previousLoss].map(NumberText.measure)
        // A difference that no digit shows is none for a person.
        guard losses[0] != losses[1] else { return nil }
        let measure = step.measure == .validationLoss ? "validation loss" : "test loss"
        return "\(step.made) is now current and is worse than \(step.previous), which was: \(measure) \(losses[0]), "
            + "not \(losses[1]) (same data, target, split and loss function)"
    }

    /// Sentences about what may be wrong with the result.
    package var warnings: [String] {
        var warnings: [String] = []
        if outcome.validationLoss?.isFinite == false {
            let cause = outcome.validationFault.map { ": \($0)" } ?? ""
            warnings.append(
                (outcome.best == nil
                    ? "no epoch has a finite validation loss, so none is the best"
                        + (outcome.version == nil ? "" : " and the last is kept")
                    : "the validation loss of the last epoch is not finite") + cause)
        }
        warnings += outcome.test.map { EvaluationText.warnings($0, of: "the test rows") } ?? []
        return warnings + [setback].compactMap { $0 }
    }

    package var members: [String: JSONValue] {
        [
            "warnings": .array(warnings.map(JSONValue.string)), "run": JSONValue(outcome.run),
            "model": .string(outcome.model), "status": .string(outcome.status.rawValue),
            "reason": .string(outcome.reason), "epoch": JSONValue(outcome.epochs),
            "iteration": JSONValue(outcome.iterations), "loss": JSONValue(outcome.loss),
            "val_loss": JSONValue(outcome.validationLoss), "best_epoch": JSONValue(outcome.best?.epoch),
            "best_val_loss": JSONValue(outcome.best?.loss), "version": JSONValue(outcome.version),
            "version_epoch": JSONValue(outcome.versionEpoch), "weights_sha256": JSONValue(outcome.weightsSHA256?.hex),
            "test": outcome.test.map { .object(EvaluationText.members($0)) } ?? .null,
            "seconds": .seconds(outcome.seconds), "rows_per_second": .rate(outcome.speed?.rowsPerSecond),
            "gflops": .rate(outcome.speed?.gigaflops), "replayed": JSONValue(outcome.replayed),
            "registry": .string(location.path),
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add("run", "\(outcome.run), " + TrainingText.status(outcome.status, outcome.reason))
        fields.add("version", outcome.version.map { $0 + (outcome.versionEpoch.map { ", of epoch \($0)" } ?? "") })
        fields.add("loss", outcome.loss.map { NumberText.measure(Double($0)) + ", epoch \(outcome.epochs)" })
        fields.add(
            "val loss", outcome.validationLoss.map { NumberText.measure(Double($0)) + TrainingText.best(outcome) })
        fields.add("test", outcome.test.map(EvaluationText.line))
        fields.add("recorded", "\(NumberText.counted(outcome.iterations, "iteration")) in \(location.path)")
        fields.add("speed", outcome.speed.map(TrainingText.speed))
        if let hash = outcome.weightsSHA256 {
            fields.add("weights of", outcome.version ?? "\(outcome.run)@last")
            fields.add("SHA-256", hash.hex)
        }
        return fields
    }

    /// `4 → 32 relu → 3 softmax, cross-entropy, adam 0.005 cosine, batch 32`
    package static func summary(_ spec: TrainingSpec) -> String {
        let schedule = spec.schedule.curve == .constant ? "" : " " + spec.schedule.name
        return "\(layers(spec.network)), \(spec.loss.rawValue), \(spec.optimizer.name) "
            + "\(spec.optimizer.learningRate)\(schedule), batch \(spec.batchSize)"
    }

    /// `cosine to 5e-05, over 50 epochs, warm-up 5 epochs`, or nil if the rate never changes.
    package static func schedule(_ schedule: Schedule) -> String? {
        if schedule == .constant { return nil }
        var text = schedule.name
        switch schedule.curve {
        case .constant: break
        case .step(let gamma, let every): text += ", × \(gamma) every \(NumberText.counted(every, "epoch"))"
        case .exponential(let gamma): text += ", × \(gamma) each epoch"
        case .cosine(let minimum): text += " to \(minimum)"
        }
        if let epochs = schedule.epochs { text += ", over \(NumberText.counted(epochs, "epoch"))" }
        if schedule.warmup > 0 { text += ", warm-up \(NumberText.counted(schedule.warmup, "epoch"))" }
        return text
    }

    /// A sentence about a training under the name of a model that read or predicted something else.
    package static func warning(of difference: ModelDifference) -> String {
        "this run differs from run \(difference.run) of the model \(difference.model): \(difference.what); "
            + "its version becomes the current one"
    }

    /// `4 → 32 relu → 3 softmax`
    package static func layers(_ network: Network) -> String {
        network.layers.reduce("\(network.inputs)") { $0 + " → \($1.outputs) \($1.activation.rawValue)" }
    }

    /// `failed: the data changed`; a reason that begins with the status, as in `finished after 100 epochs`, is given alone.
    package static func status(_ status: RunStatus, _ reason: String?) -> String { ended(status.rawValue, reason) }

    /// As `status`, of a status by its name.
    package static func ended(_ status: String, _ reason: String?) -> String {
        guard let reason else { return status }
        return reason.hasPrefix(status) ? reason : "\(status): \(reason)"
    }

    /// `1,234,567 rows/s, 58.3 GFLOP/s`; a small network reaches `4.7 MFLOP/s`.
    package static func speed(_ speed: TrainingSpeed) -> String {
        let isSmall = speed.gigaflops < 0.1
        return "\(NumberText.rate(speed.rowsPerSecond)) rows/s, "
            + "\(NumberText.rate(isSmall ? 1000 * speed.gigaflops : speed.gigaflops)) \(isSmall ? "MFLOP" : "GFLOP")/s"
    }

    /// `, best 0.031200 at epoch 41`
    package static func best(_ outcome: TrainingOutcome) -> String {
        outcome.best.map { ", best \(NumberText.measure(Double($0.loss))) at epoch \($0.epoch)" } ?? ""
    }

    /// Prints that a resume has nothing left to do.
    package static func nothingToDo(
        _ run: RunRecord, _ reason: String, _ location: RegistryLocation, json: Bool, _ output: Output
    ) throws {
        guard json else {
            return try output.line(SafeText.line("run \(run.number) has nothing left to do: \(reason)"))
        }
        try output.object([
            "run": JSONValue(run.number), "model": .string(run.model), "status": .string(run.status.rawValue),
            "reason": .string("nothing left to do: \(reason)"), "epoch": JSONValue(run.epochs),
            "iteration": JSONValue(run.iterations), "loss": JSONValue(run.epochLoss),
            "val_loss": JSONValue(run.validationLoss), "best_epoch": JSONValue(run.best?.epoch),
            "best_val_loss": JSONValue(run.best?.loss), "version": .null, "version_epoch": .null,
            "warnings": .array([]), "weights_sha256": .null, "test": .null, "seconds": 0.0,
            "rows_per_second": .null, "gflops": .null, "replayed": 0,
            "registry": .string(location.path),
        ])
    }
}
