public import BPRegistry

/// What an audit found: that a history is what computing it again gives, or the first place where it is not.
public struct AuditReport: Sendable, Equatable {
    /// The run.
    public let run: Int
    /// The segment whose line was audited.
    public let segment: Int
    /// Stretches from one full keyframe to the next on the line.
    public let stretches: Int
    /// How many of them were recomputed.
    public let audited: Int
    /// Iterations whose loss was recomputed and compared.
    public let iterations: Int
    /// Iterations of the line.
    public let lineIterations: Int
    /// Epochs whose losses and score were compared.
    public let epochs: Int
    /// Keyframes whose tensors were compared.
    public let keyframes: Int
    /// The first difference; nil where everything was reproduced.
    public let difference: AuditDifference?

    /// Whether all that was recomputed is as it was recorded.
    public var isReproduced: Bool { difference == nil }
}

/// The first thing that recomputing gave otherwise.
public struct AuditDifference: Sendable, Equatable {
    /// The run that recorded it: a fork's line begins in another.
    public let run: Int
    /// The iteration.
    public let iteration: Int
    /// What differs.
    public let subject: Subject
    /// The likely cause, one sentence.
    public let cause: String

    /// What can differ, as recorded and as recomputed.
    public enum Subject: Sendable, Equatable {
        /// The loss of the iteration.
        case loss(recorded: Float, recomputed: Float)
        /// A measure of an epoch: `loss`, `val_loss`, `val_score`.
        case epoch(Int, measure: String, recorded: Float?, recomputed: Float?)
        /// A tensor of a keyframe, by its SHA-256.
        case keyframe(KeyframeRole, tensor: String, recorded: SHA256Digest, recomputed: SHA256Digest)
        /// Training ends here when it is recomputed, and goes on in the record, or the other way round.
        case end(recomputed: String)
    }
}

extension AuditDifference.Subject: CustomStringConvertible {
    /// What differs, with both values.
    public var description: String {
        func text(_ value: Float?) -> String { value.map { "\($0) (\(Bits.hex($0)))" } ?? "none" }
        return switch self {
        case .loss(let recorded, let recomputed):
            "the loss was recorded as \(text(recorded)) and recomputed as \(text(recomputed))"
        case .epoch(let epoch, let measure, let recorded, let recomputed):
            "\(measure) of epoch \(epoch) was recorded as \(text(recorded)) and recomputed as \(text(recomputed))"
        case .keyframe(let role, let tensor, let recorded, let recomputed):
            "\(tensor) of the \(role.rawValue) keyframe was recorded as \(recorded.short) and recomputed as "
                + recomputed.short
        case .end(let recomputed): "recomputed, the training \(recomputed)"
        }
    }
}
