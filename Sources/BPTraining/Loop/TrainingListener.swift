import BPRegistry

/// Who is told what the training loop does. There is one loop; recording and replaying are listeners to it.
protocol TrainingListener {
    /// Places for the losses of the next iterations: at least one and at most `most`. So many
    /// iterations may pass before the listener is asked again, and no more; a listener that looks at every state gives
    /// one place.
    mutating func room(_ most: Int, in loop: TrainingLoop) throws -> UnsafeMutableBufferPointer<Float>

    /// Updates were made (or the last of them refused, in a run that diverges), from iteration `first` on. Their losses
    /// are where `room` had them written.
    /// - Returns: whether to halt right here, before the epoch that may end here is ended.
    mutating func iterations(from first: Int, losses: UnsafeBufferPointer<Float>) throws -> Bool

    /// An epoch ended; `isBest` if its validation loss is the lowest so far.
    mutating func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) throws

    /// Between two calls for iterations, all that ended at `loop.state.iteration` having been told.
    /// - Returns: whether to halt.
    mutating func pause(_ loop: TrainingLoop) throws -> Bool
}

/// Why the training loop returned.
enum LoopEnd: Equatable {
    /// The epoch limit is reached.
    case epochLimit
    /// |J_e − J_{e−1}| < ε (THEORY row 12).
    case tolerance
    /// The loss or the gradient of the last iteration was not finite; the parameters are those before it.
    case diverged
    /// The listener asked for it.
    case halted
}
