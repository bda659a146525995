import BPJSON
import BPRegistry

/// What is known of a version's weights: the losses of the epoch they end, if they end one, and the test split.
enum VersionMetrics {
    /// - Parameters:
    ///   - validation: measured where no epoch ends that tells of it.
    ///   - runEpochs: how many epochs the run had when its end made the version; nil where a person makes it.
    static func json(
        _ epoch: EpochRecord?, validation: Evaluation? = nil, _ test: Evaluation?, runEpochs: Int?
    ) -> JSONValue {
        var metrics = test?.json(split: StoredSplit.test.rawValue).object ?? [:]
        metrics["loss"] = JSONValue(epoch?.loss)
        metrics["val_loss"] = JSONValue(epoch?.validationLoss ?? validation?.loss)
        let score = epoch?.validationScore ?? validation?.score
        metrics["val_score"] = JSONValue(score.flatMap { $0.isNaN ? nil : $0 })
        metrics["run_epochs"] = runEpochs.map { JSONValue($0) }
        return .object(metrics)
    }
}

extension Evaluation {
    /// The one measure that epochs record too: accuracy, or R² if it is defined.
    fileprivate var score: Float? {
        switch scores {
        case .classification(let accuracy, _, _): Float(accuracy)
        case .regression(let r2, _, _): r2.map { Float($0) }
        }
    }
}
