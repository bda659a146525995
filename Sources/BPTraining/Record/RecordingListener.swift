import BPRegistry

/// Hands everything to the recorder, places keyframes, and looks now and then whether the run is to stop.
struct RecordingListener: TrainingListener {
    private let recorder: Recorder
    private let stop: () -> StopRequest?
    /// Iterations until the clock is looked at, and how many there were between the last two looks.
    private var countdown = 1
    private var stretch = 1
    private var lastLook = ContinuousClock.now
    private var lastKeyframe = ContinuousClock.now
    /// What made it halt.
    private(set) var request: StopRequest?

    init(recorder: Recorder, stop: @escaping () -> StopRequest?) {
        (self.recorder, self.stop) = (recorder, stop)
    }

    mutating func iteration(_ iteration: Int, loss: Float) throws(TrainingError) -> Bool {
        try recorder.push(loss)
        return false
    }

    func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) {
        recorder.push(epoch)
        if isBest { recorder.best?.keep(epoch: epoch.epoch, iteration: epoch.iteration, of: loop.trainer) }
    }

    @inline(__always)
    mutating func pause(_ loop: TrainingLoop) throws(TrainingError) -> Bool {
        countdown -= 1
        return countdown > 0 ? false : try look(loop)
    }

    /// Looks at the clock, the stop request and the recorder, every 5 to 20 ms or every iteration.
    private mutating func look(_ loop: TrainingLoop) throws(TrainingError) -> Bool {
        let now = ContinuousClock.now
        let seconds = (now - lastLook).seconds
        lastLook = now
        if seconds < 0.005 {
            stretch = min(stretch * 2, 1 << 20)
        } else if seconds > 0.02 {
            stretch = max(1, stretch / 2)
        }
        countdown = stretch
        try recorder.throwFailure()
        request = stop() ?? (recorder.isLowOnSpace ? .lowSpace : nil)
        if request != nil { return true }
        let since = (now - lastKeyframe).seconds
        if recorder.policy.isDue(seconds: since, cost: recorder.keyframeCost), recorder.takesKeyframe {
            try recorder.push(loop.state.keyframe(.spaced), of: loop.trainer)
            lastKeyframe = ContinuousClock.now
        }
        return false
    }
}

extension LoopState {
    /// The full keyframe of this state.
    func keyframe(_ role: KeyframeRole) -> NewKeyframe {
        NewKeyframe(iteration: iteration, epoch: epochs, kind: .full, role: role, optimizerStep: iteration)
    }
}
