public import BPRegistry

/// How a run ended, once it is recorded.
public struct TrainingOutcome: Sendable, Equatable {
    /// The run's number.
    public let run: Int
    /// Its model's name.
    public let model: String
    /// finished, stopped or diverged.
    public let status: RunStatus
    /// Why, for people.
    public let reason: String
    /// What stopped it before its end, if anything did.
    public let stop: StopRequest?
    /// Epochs that ended, by all attempts.
    public let epochs: Int
    /// Updates recorded, by all attempts.
    public let iterations: Int
    /// Training loss of the last epoch that ended.
    public let loss: Float?
    /// Validation loss of the last epoch that ended.
    public let validationLoss: Float?
    /// The epoch with the lowest finite validation loss, if there is one.
    public let best: RunRecord.Best?
    /// The version the run became; nil if it did not finish.
    public let version: String?
    /// The epoch whose weights the version has.
    public let versionEpoch: Int?
    /// SHA-256 of the version's weights, or of the last state's; nil where a replay was stopped before that state.
    public let weightsSHA256: SHA256Digest?
    /// The version on the test split, if there is one.
    public let test: Evaluation?
    /// A validation row whose loss is not finite for the last state, if the last epoch's validation loss is not.
    public let validationFault: NonFinite?
    /// Seconds this attempt took.
    public let seconds: Double
    /// The speed of the run, over all attempts; nil before its first epoch has ended.
    public let speed: TrainingSpeed?
    /// Iterations it recomputed before it went on.
    public let replayed: Int
}
