import BPRegistry

/// Who is told what the training loop does. There is one loop; recording and replaying are listeners to it.
protocol TrainingListener {
    /// An update was made (or refused, in the last iteration of a run that diverges).
    /// - Returns: whether to halt right here, before the epoch that may end here is ended.
    mutating func iteration(_ iteration: Int, loss: Float) throws -> Bool

    /// An epoch ended; `isBest` if its validation loss is the lowest so far.
    mutating func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) throws

    /// Between two iterations, all that ended at `loop.state.iteration` having been told.
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
