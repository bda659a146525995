import BPJSON
import BPRegistry

/// Rows of the registry as JSON; docs/json-output.md lists the members.
enum RecordJSON {
    static func attempt(_ attempt: AttemptRecord) -> JSONValue {
        [
            "attempt": JSONValue(attempt.number), "status": JSONValue(attempt.status?.rawValue),
            "host": .string(attempt.owner.host), "pid": JSONValue(Int(attempt.owner.pid)),
            "threads": JSONValue(attempt.settings.threads),
            "instruction_set": .string(attempt.settings.instructionSet),
            "durability": .string(attempt.settings.durability.rawValue), "keep": .string(attempt.settings.keep),
            "epochs": JSONValue(attempt.settings.epochLimit), "first_iteration": JSONValue(attempt.firstIteration),
            "last_iteration": JSONValue(attempt.lastIteration), "started": TimeText.json(attempt.started),
            "ended": TimeText.json(attempt.ended),
        ]
    }

    static func keyframe(_ keyframe: KeyframeRecord) -> JSONValue {
        [
            "segment": JSONValue(keyframe.segment), "iteration": JSONValue(keyframe.iteration),
            "epoch": JSONValue(keyframe.epoch), "kind": .string(keyframe.kind.rawValue),
            "role": .string(keyframe.role.rawValue), "bytes": JSONValue(keyframe.bytes),
            "weights_sha256": JSONValue(keyframe[TensorName.parameters]?.hex),
        ]
    }

    static func pin(_ pin: PinRecord) -> JSONValue {
        [
            "segment": JSONValue(pin.segment), "iteration": JSONValue(pin.iteration), "name": JSONValue(pin.name),
            "created": TimeText.json(pin.created),
        ]
    }

    static func evaluation(_ evaluation: EvaluationRecord) -> JSONValue {
        [
            "split": .string(evaluation.split), "iteration": JSONValue(evaluation.iteration),
            "version": JSONValue(evaluation.version), "loss": .float(evaluation.loss),
            "scores": (try? JSONValue(parsing: evaluation.scoresJSON)) ?? .null,
        ]
    }

    /// `accuracy 95.7%, loss 0.142000`
    static func line(_ evaluation: EvaluationRecord) -> String {
        let scores = (try? JSONValue(parsing: evaluation.scoresJSON)).flatMap(scores) ?? ""
        return (scores.isEmpty ? "" : scores + ", ") + "loss " + NumberText.measure(Double(evaluation.loss))
    }

    /// The score of an epoch; null for an R² that is not defined.
    static func score(_ score: Float?) -> JSONValue { JSONValue(score.flatMap { $0.isFinite ? $0 : nil }) }

    /// `accuracy 95.7% (majority 34.8%)`, or `R² 0.931204`, or nil if it is neither.
    static func scores(_ scores: JSONValue) -> String? {
        brief(scores).map { $0 + (majority(scores).map { " (majority \($0))" } ?? "") }
    }

    /// `accuracy 95.7%`, or `R² 0.931204`, or nil if it is neither.
    static func brief(_ scores: JSONValue) -> String? {
        if let accuracy = scores["accuracy"]?.number { return "accuracy " + NumberText.percent(accuracy) }
        guard let r2 = scores["r2"] else { return nil }
        // Earlier versions of bpreg recorded −∞ if the target did not vary.
        return "R² " + NumberText.measure(ifDefined: r2.number.flatMap { $0 == -.infinity ? nil : $0 })
    }

    /// The share of the most frequent class, from the rows of the confusion matrix.
    private static func majority(_ scores: JSONValue) -> String? {
        let counts = (scores["confusion"]?.array ?? []).map { row in
            (row.array ?? []).reduce(0) { $0 + ($1.number ?? 0) }
        }
        let sum = counts.reduce(0, +)
        return counts.max().flatMap { sum > 0 ? NumberText.percent($0 / sum) : nil }
    }
}
