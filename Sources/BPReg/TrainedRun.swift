/// A run after an attempt to train it: its record, and each epoch of its line.
public struct TrainedRun: Sendable {
    /// The run as the registry records it.
    public let record: RunRecord
    /// The epochs that ended on the run's line, in order. A fork's line begins with its parent's epochs.
    public let history: [EpochRecord]
    /// How the attempt ended; nil if there was nothing left to train.
    public let outcome: TrainingOutcome?

    init(_ number: Int, in registry: Registry, _ outcome: TrainingOutcome?) throws(RegistryError) {
        record = try registry.run(number)
        history = try registry.epochs(ofRun: number)
        self.outcome = outcome
    }

    /// The run's number, from 1.
    public var number: Int { record.number }
    /// The name of the model that it trains.
    public var model: String { record.model }
    /// How the run ended.
    public var status: RunStatus { record.status }
    /// How many epochs have ended, by all attempts.
    public var epochs: Int { record.epochs }
    /// The training loss of each epoch in `history`.
    public var losses: [Float] { history.map(\.loss) }
    /// The validation loss of each epoch in `history`; empty without a validation split.
    public var validationLosses: [Float] { history.compactMap(\.validationLoss) }
    /// The version that the attempt made, such as `rings:1`; nil if it made none.
    public var version: String? { outcome?.version }
}
