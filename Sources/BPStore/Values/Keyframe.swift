/// The kind of a keyframe.
public enum KeyframeKind: String, Sendable {
    /// Parameters, every optimizer slot, step count and position. Training can continue from it, with the stopping
    /// state of the epochs recorded before.
    case full
    /// The parameters alone.
    case weights
}

/// The reason for keeping a keyframe. A state may be kept for several reasons, as several keyframes; their tensors are
/// stored once.
public enum KeyframeRole: String, Sendable {
    /// The initial weights, or the beginning of a segment.
    case start
    /// Placed so that replay stays short; may be thinned out.
    case spaced
    /// The lowest validation loss so far; a newer one replaces it.
    case best
    /// The end of an attempt: no recorded loss confirms the last update.
    case end
    /// Requested by a person.
    case pinned
}
