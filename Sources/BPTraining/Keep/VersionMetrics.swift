import BPJSON
import BPRegistry

/// What is known of a version's weights: the losses of the epoch they end, if they end one, and the test split.
enum VersionMetrics {
    static func json(_ epoch: EpochRecord?, _ test: Evaluation?, runEpochs: Int) -> JSONValue {
        var metrics = test?.json(split: "test").object ?? [:]
        metrics["loss"] = JSONValue(epoch?.loss)
        metrics["val_loss"] = JSONValue(epoch?.validationLoss)
        metrics["val_score"] = JSONValue(epoch?.validationScore)
        metrics["run_epochs"] = JSONValue(runEpochs)
        return .object(metrics)
    }
}
