import BPCore
public import BPRegistry

extension TrainingPlan {
    /// Trains in memory: the same numbers as a run of this plan, and nothing is kept of how they came about.
    /// - Parameters:
    ///   - epochs: the epoch limit.
    ///   - threads: the caller's included; all processors unless said.
    /// - Returns: the model with the last weights, the epochs, and the iteration whose loss or gradient was not finite,
    ///   if one was: the weights are those before it.
    /// - Throws: `setting` for a number that cannot be.
    public func trainUnrecorded(
        epochs: Int = TrainingDefaults.epochs, threads: Int? = nil
    ) throws -> (model: TrainedModel, epochs: [EpochRecord], divergedAt: Int?) {
        var attempt = AttemptOptions()
        (attempt.epochs, attempt.threads) = (epochs, threads)
        try attempt.validate()
        let compute = try Attempt.compute(threads: threads ?? Attempt.processors)
        let loop = try makeLoop(compute)
        var listener = EpochListener()
        let end = try loop.run(until: epochs, listener: &listener)
        let model = try TrainedModel(
            network: spec.network, loss: spec.loss, encoding: spec.encoding, parameters: loop.trainer.parameters)
        return (model, listener.epochs, end == .diverged ? loop.state.iteration : nil)
    }
}

/// Keeps the epochs and nothing else.
private struct EpochListener: TrainingListener {
    var epochs: [EpochRecord] = []

    func iteration(_ iteration: Int, loss: Float) -> Bool { false }
    mutating func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) { epochs.append(epoch) }
    func pause(_ loop: TrainingLoop) -> Bool { false }
}
