public import BPStore

/// A completed epoch.
public struct EpochRecord: Sendable, Equatable {
    /// Its number, from 1.
    public let epoch: Int
    /// Its last iteration.
    public let iteration: Int
    /// Mean training loss: THEORY row 3, rounded to float32 once.
    public let loss: Float
    /// Mean loss on the validation split after it; nil if there is no such split.
    public let validationLoss: Float?
    /// The score on the validation split (the run has its name); nil if there is none.
    public let validationScore: Float?
    /// Its duration in seconds.
    public let seconds: Double

    /// An epoch with these measures.
    public init(
        epoch: Int, iteration: Int, loss: Float, validationLoss: Float? = nil, validationScore: Float? = nil,
        seconds: Double
    ) {
        (self.epoch, self.iteration, self.loss) = (epoch, iteration, loss)
        (self.validationLoss, self.validationScore, self.seconds) = (validationLoss, validationScore, seconds)
    }
}

/// A complete keyframe.
public struct KeyframeRecord: Sendable, Equatable {
    /// The row's key, for `RunCommit.deletedKeyframes`.
    package let id: Int
    /// The run that recorded it.
    public let run: Int
    /// The segment.
    public let segment: Int
    /// The number of updates before the state.
    public let iteration: Int
    /// The number of epochs that had ended.
    public let epoch: Int
    /// Its kind: full, or the weights alone.
    public let kind: KeyframeKind
    /// The reason for keeping it.
    public let role: KeyframeRole
    /// The number of steps that the optimizer has counted.
    public let optimizerStep: Int
    /// Bytes of all its tensors.
    public let bytes: Int
    /// Seconds spent on writing it.
    public let cost: Double
    /// Its tensors by name: "parameters", and one for each optimizer slot if it is full.
    package let tensors: [TensorName]
    /// Its creation time, in microseconds since 1970.
    package let created: Int64

    /// The hash of the tensor of this name.
    public subscript(name: String) -> SHA256Digest? { tensors.first { $0.name == name }?.digest }
}

/// A measure of a split at a point of a run.
public struct EvaluationRecord: Sendable, Equatable {
    /// The run.
    public let run: Int
    /// The segment.
    public let segment: Int
    /// The number of updates before the state.
    public let iteration: Int
    /// The measured version; nil if no version was measured.
    public let version: Int?
    /// "train", "validation", "test", "all", or a file's name.
    public let split: String
    /// The mean loss.
    public let loss: Float
    /// All scores, as the trainer wrote them.
    public let scoresJSON: String
    /// Its creation time, in microseconds since 1970.
    package let created: Int64
}
