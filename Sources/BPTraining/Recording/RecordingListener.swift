import BPRegistry

/// Hands everything to the recorder, places keyframes, and looks now and then whether the run is to stop.
struct RecordingListener: TrainingListener {
    private let recorder: Recorder
    private let stop: () -> StopRequest?
    private var pace = Pace()
    private var lastKeyframe = ContinuousClock.now
    /// What made it halt.
    private(set) var request: StopRequest?

    init(recorder: Recorder, stop: @escaping () -> StopRequest?) {
        (self.recorder, self.stop) = (recorder, stop)
    }

    func room(_ most: Int, in loop: TrainingLoop) throws(RegistryError) -> UnsafeMutableBufferPointer<Float> {
        try recorder.room(min(most, pace.room))
    }

    mutating func iterations(from first: Int, losses: UnsafeBufferPointer<Float>) -> Bool {
        pace.pass(losses.count)
        recorder.push(losses.count)
        return false
    }

    func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) {
        recorder.push(epoch)
        if isBest { recorder.best?.keep(epoch: epoch.epoch, iteration: epoch.iteration, of: loop.trainer) }
    }

    @inline(__always)
    mutating func pause(_ loop: TrainingLoop) throws(RegistryError) -> Bool {
        pace.isDue() ? try look(loop) : false
    }

    /// Looks at the recorder, the stop request and the clock.
    private mutating func look(_ loop: TrainingLoop) throws(RegistryError) -> Bool {
        try recorder.throwFailure()
        request = stop() ?? (recorder.isLowOnSpace ? .lowSpace : nil)
        if request != nil { return true }
        let since = (ContinuousClock.now - lastKeyframe).seconds
        if recorder.policy.isDue(seconds: since, cost: recorder.keyframeCost), recorder.takesKeyframe {
            try recorder.push(loop.keyframe(.spaced), of: loop.trainer)
            lastKeyframe = ContinuousClock.now
        }
        return false
    }
}
