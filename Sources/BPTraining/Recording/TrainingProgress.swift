/// What a training run looks like at one moment.
public struct TrainingProgress: Sendable, Equatable {
    /// The epoch being trained, from 1.
    public var epoch: Int
    /// The last epoch there will be.
    public var epochs: Int
    /// Updates done.
    public var iteration: Int
    /// Updates there will be at the epoch limit.
    public var iterations: Int
    /// The newest training loss of an epoch; nil before the first has ended.
    public var loss: Float?
    /// The newest validation loss.
    public var validationLoss: Float?
    /// Updates a second, lately.
    public var rate: Double
    /// The last iteration whose commit has returned; 0 if nothing is recorded.
    public var acknowledged: Int
    /// Bytes per second by which the registry grows, lately; 0 if nothing is recorded.
    public var growth: Double
}
