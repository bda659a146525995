import BPCore
public import BPRegistry

/// The result of a training that was not recorded.
public struct UnrecordedOutcome: Sendable {
    /// The model with the last weights.
    public let model: TrainedModel
    /// The epochs that ended.
    public let epochs: [EpochRecord]
    /// The iteration whose loss or gradient was not finite, if there was one; the weights are those before it.
    public let divergedAt: Int?
    /// The request that stopped it, if there was one.
    public let stop: StopRequest?
}

extension TrainingPlan {
    /// Trains in memory: the same numbers as a run of this plan, without a registry.
    /// - Parameters:
    ///   - epochs: the epoch limit.
    ///   - threads: the number of threads, the caller's included (default: all processors).
    ///   - stop: is called every few milliseconds on this thread; a request stops the training.
    ///   - progress: receives the progress about ten times per second, on another thread. It is not called again
    ///     before it returns.
    /// - Throws: `TrainingError.setting` for a number that is out of range; `CoreError`.
    public func trainUnrecorded(
        epochs: Int = TrainingDefaults.epochs, threads: Int? = nil, stop: @escaping () -> StopRequest? = { nil },
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> UnrecordedOutcome {
        try AttemptOptions(epochs: epochs, threads: threads).validate()
        let compute = try Attempt.compute(threads: threads ?? Attempt.processors)
        let loop = try makeLoop(compute)
        let relay = ProgressRelay(progress)
        defer { relay.finish() }
        var listener = EpochListener(ProgressMeter(epochs: epochs, grid: loop.grid), relay, stop: stop)
        let end = try loop.run(until: epochs, listener: &listener)
        let model = try TrainedModel(spec, parameters: loop.trainer.parameters)
        return UnrecordedOutcome(
            model: model, epochs: listener.epochs, divergedAt: end == .diverged ? loop.state.iteration : nil,
            stop: listener.request)
    }
}

/// Keeps the epochs in memory, and asks now and then whether to stop.
private struct EpochListener: TrainingListener {
    private(set) var epochs: [EpochRecord] = []
    /// The request that halted the loop.
    private(set) var request: StopRequest?
    private let meter: ProgressMeter
    private let relay: ProgressRelay
    private let stop: () -> StopRequest?
    private var pace = Pace()
    private var lastOffer = ContinuousClock.now

    init(_ meter: ProgressMeter, _ relay: ProgressRelay, stop: @escaping () -> StopRequest?) {
        (self.meter, self.relay, self.stop) = (meter, relay, stop)
    }

    func iteration(_ iteration: Int, loss: Float) -> Bool { false }

    mutating func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) { epochs.append(epoch) }

    @inline(__always)
    mutating func pause(_ loop: TrainingLoop) -> Bool { pace.isDue() ? look(loop) : false }

    private mutating func look(_ loop: TrainingLoop) -> Bool {
        request = stop()
        if request != nil { return true }
        let now = ContinuousClock.now
        if (now - lastOffer).seconds >= 0.1 {
            lastOffer = now
            relay.offer(meter.progress(iteration: loop.state.iteration, epoch: epochs.last))
        }
        return false
    }
}
