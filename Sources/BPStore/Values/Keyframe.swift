/// What a keyframe holds.
public enum KeyframeKind: String, Sendable {
    /// Parameters, every optimizer slot, step count and position: training can go on from it, the stopping state
    /// being that of the epochs recorded before.
    case full
    /// The parameters alone.
    case weights
}

/// Why a keyframe stands. A state may be kept for several reasons, as several keyframes; their tensors are stored once.
public enum KeyframeRole: String, Sendable {
    /// The first weights, or where a segment begins.
    case start
    /// Placed so that replay stays short; may be thinned.
    case spaced
    /// The lowest validation loss so far; a newer one takes its place.
    case best
    /// The end of an attempt: no loss witnesses the last update.
    case end
    /// Asked for by a person.
    case pinned
}
