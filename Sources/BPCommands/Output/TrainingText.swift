import BPCore
import BPJSON
import BPRegistry
import BPTraining

/// A training run in words and as JSON.
enum TrainingText {
    /// `4 → 32 relu → 3 softmax, cross-entropy, adam 0.005 cosine, batch 32`
    static func summary(_ spec: TrainingSpec) -> String {
        let schedule = spec.schedule.curve == .constant ? "" : " " + spec.schedule.name
        return "\(layers(spec.network)), \(spec.loss.rawValue), \(spec.optimizer.name) "
            + "\(spec.optimizer.learningRate)\(schedule), batch \(spec.batchSize)"
    }

    /// `cosine to 5e-05, over 50 epochs, warm-up 5 epochs`; nil where the rate never changes.
    static func schedule(_ schedule: Schedule) -> String? {
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

    /// `4 → 32 relu → 3 softmax`
    static func layers(_ network: Network) -> String {
        network.layers.reduce("\(network.inputs)") { $0 + " → \($1.outputs) \($1.activation.rawValue)" }
    }

    /// `finished: all 100 epochs are done`; a reason that begins with the status stands alone.
    static func status(_ status: RunStatus, _ reason: String?) -> String { ended(status.rawValue, reason) }

    /// As `status`, of a status by its name.
    static func ended(_ status: String, _ reason: String?) -> String {
        guard let reason else { return status }
        return reason.hasPrefix(status) ? reason : "\(status): \(reason)"
    }

    /// `, best 0.031200 at epoch 41`
    static func best(_ outcome: TrainingOutcome) -> String {
        outcome.best.map { ", best \(NumberText.measure(Double($0.loss))) at epoch \($0.epoch)" } ?? ""
    }

    /// The JSON object that `train` ends with.
    static func members(_ outcome: TrainingOutcome, _ registry: RegistryOption) -> [String: JSONValue] {
        [
            "run": JSONValue(outcome.run), "model": .string(outcome.model), "status": .string(outcome.status.rawValue),
            "reason": .string(outcome.reason), "epoch": JSONValue(outcome.epochs),
            "iteration": JSONValue(outcome.iterations), "loss": JSONValue(outcome.loss),
            "val_loss": JSONValue(outcome.validationLoss), "best_epoch": JSONValue(outcome.best?.epoch),
            "best_val_loss": JSONValue(outcome.best?.loss), "version": JSONValue(outcome.version),
            "version_epoch": JSONValue(outcome.versionEpoch), "weights_sha256": JSONValue(outcome.weightsSHA256),
            "test": outcome.test.map { .object(EvaluationText.members($0)) } ?? .null,
            "seconds": .seconds(outcome.seconds), "replayed": JSONValue(outcome.replayed),
            "registry": .string(registry.path),
        ]
    }

    /// Says that a resume has nothing left to do.
    static func nothingToDo(
        _ run: RunRecord, _ reason: String, _ registry: RegistryOption, json: Bool, _ output: Output
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
            "weights_sha256": .null, "test": .null, "seconds": 0.0, "replayed": 0, "registry": .string(registry.path),
        ])
    }
}

/// What opening a registry brought about, in words.
enum RegistryText {
    /// One sentence.
    static func notice(_ notice: Registry.Notice) -> String {
        switch notice {
        case .created(let path): "made the registry \(path)"
        case .migrated(let from, let to, let backup):
            "migrated the registry from schema \(from) to \(to)"
                + (backup.map { "; its copy from before is \($0)" } ?? "")
        }
    }
}
