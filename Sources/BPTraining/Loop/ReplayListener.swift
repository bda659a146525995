import BPRegistry

/// Recomputes what is recorded, compares every loss bit for bit, and writes nothing.
struct ReplayListener: TrainingListener {
    private let run: Int
    private var losses: RecordedLosses
    private let target: Target
    private let best: BestState?
    private let unrecorded: (EpochRecord) -> Void
    private let stop: () -> StopRequest?
    private var pace = Pace()
    private let span = LossSpan()
    /// What made it halt before the target.
    private(set) var request: StopRequest?

    /// Where a replay halts: after `iteration` updates, `epochs` epochs having ended. The epoch that ends at
    /// `iteration` may or may not be among them.
    struct Target: Equatable {
        var iteration: Int
        var epochs: Int
        var grid: EpochGrid

        /// Whether the iteration is an epoch's last and that epoch is still to be ended.
        var precedesEpochEnd: Bool { iteration > grid.end(of: epochs) }

        func isReached(by state: LoopState) -> Bool { state.iteration >= iteration && state.epochs >= epochs }
    }

    /// - Parameters:
    ///   - best: is given the parameters at each epoch that is the best so far.
    ///   - unrecorded: is given each epoch that ended and is not recorded.
    ///   - stop: asked every few milliseconds whether to stop.
    init(
        registry: Registry, run: Int, segment: Int?, target: Target, best: BestState? = nil,
        unrecorded: @escaping (EpochRecord) -> Void = { _ in }, stop: @escaping () -> StopRequest? = { nil }
    ) {
        self.run = run
        losses = RecordedLosses(registry, run: run, segment: segment, last: target.iteration)
        (self.target, self.best, self.unrecorded, self.stop) = (target, best, unrecorded, stop)
    }

    func room(_ most: Int, in loop: TrainingLoop) -> UnsafeMutableBufferPointer<Float> {
        span.room(min(most, pace.room, target.iteration - loop.state.iteration))
    }

    mutating func iterations(from first: Int, losses: UnsafeBufferPointer<Float>) throws -> Bool {
        pace.pass(losses.count)
        if let (iteration, recorded, loss) = try self.losses.firstDifference(from: first, losses) {
            throw TrainingError.notReproducible(run: run, iteration: iteration, recorded: recorded, recomputed: loss)
        }
        return first + losses.count > target.iteration && target.precedesEpochEnd
    }

    func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) {
        if epoch.epoch > target.epochs { unrecorded(epoch) }
        if isBest { best?.keep(epoch: epoch.epoch, iteration: epoch.iteration, of: loop.trainer) }
    }

    /// Whether the loop stands at the target.
    func hasArrived(_ loop: TrainingLoop) -> Bool { target.isReached(by: loop.state) }

    mutating func pause(_ loop: TrainingLoop) -> Bool {
        if hasArrived(loop) { return true }
        if pace.isDue() { request = stop() }
        return request != nil
    }
}
