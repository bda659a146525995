public import BPStore

/// The contents of one commit to a run: all of it is recorded or nothing.
public struct RunCommit: Sendable {
    /// Losses of the iterations after the last recorded one, in order. A NaN is stored as 0x7FC00000.
    public var losses: [Float]
    /// Epochs that ended within them (or before, if they were not recorded yet), in order.
    public var epochs: [EpochRecord]
    /// Keyframes that were staged and become complete; none is after the last iteration.
    public var keyframes: [StagedKeyframe]
    /// Keyframes to be thinned out (`KeyframeRecord.id`).
    public var deletedKeyframes: [Int]
    /// The run's end, if this is it.
    public var end: RunEnd?

    /// A commit of these; by default, of nothing.
    public init(
        losses: [Float] = [], epochs: [EpochRecord] = [], keyframes: [StagedKeyframe] = [],
        deletedKeyframes: [Int] = [], end: RunEnd? = nil
    ) {
        (self.losses, self.epochs, self.keyframes) = (losses, epochs, keyframes)
        (self.deletedKeyframes, self.end) = (deletedKeyframes, end)
    }

    var isEmpty: Bool {
        losses.isEmpty && epochs.isEmpty && keyframes.isEmpty && deletedKeyframes.isEmpty && end == nil
    }
}

/// The end of a run.
public struct RunEnd: Sendable {
    /// finished, stopped, diverged or failed.
    public var status: RunStatus
    /// The reason, for people.
    public var reason: String
    /// The evaluations at the end.
    public var evaluations: [NewEvaluation]
    /// The version that it becomes.
    public var version: NewVersion?
    /// The file that the run's first weights came from, if this end is that of an import.
    public var imported: ImportOrigin?

    /// An end of this kind.
    public init(
        status: RunStatus, reason: String, evaluations: [NewEvaluation] = [], version: NewVersion? = nil,
        imported: ImportOrigin? = nil
    ) {
        (self.status, self.reason, self.evaluations, self.version) = (status, reason, evaluations, version)
        self.imported = imported
    }
}

/// A measure of a split at an iteration of the run's line.
public struct NewEvaluation: Sendable {
    /// "train", "validation", "test", "all", or a file's name.
    public var split: String
    /// The iteration after whose update it is.
    public var iteration: Int
    /// The mean loss.
    public var loss: Float
    /// All scores, stored as given.
    public var scoresJSON: String
    /// Whether it measures the weights that the same `RunEnd` makes a version.
    public var ofVersion: Bool

    /// A measure of these values.
    public init(split: String, iteration: Int, loss: Float, scoresJSON: String, ofVersion: Bool = false) {
        (self.split, self.iteration, self.loss) = (split, iteration, loss)
        (self.scoresJSON, self.ofVersion) = (scoresJSON, ofVersion)
    }
}

/// A version to be made of the state at `iteration`, of which a keyframe (of either kind) is complete, at
/// the latest by the same commit.
public struct NewVersion: Sendable {
    /// The iteration after whose update it is.
    public var iteration: Int
    /// The number of epochs that had ended.
    public var epoch: Int
    /// Network, encoders, scaling, stored as given.
    public var descriptionJSON: String
    /// Its measures, stored as given.
    public var metricsJSON: String

    /// A version of the state at `iteration`.
    public init(iteration: Int, epoch: Int, descriptionJSON: String, metricsJSON: String) {
        (self.iteration, self.epoch) = (iteration, epoch)
        (self.descriptionJSON, self.metricsJSON) = (descriptionJSON, metricsJSON)
    }
}

/// A keyframe to be staged.
public struct NewKeyframe: Sendable {
    /// The iteration after whose update it is.
    public var iteration: Int
    /// The number of epochs that had ended.
    public var epoch: Int
    /// Its kind: full, or the weights alone.
    public var kind: KeyframeKind
    /// The reason for keeping it.
    public var role: KeyframeRole
    /// The number of steps that the optimizer has counted.
    public var optimizerStep: Int

    /// A keyframe of the state after `iteration` updates.
    public init(
        iteration: Int, epoch: Int, kind: KeyframeKind, role: KeyframeRole, optimizerStep: Int
    ) {
        (self.iteration, self.epoch, self.kind, self.role) = (iteration, epoch, kind, role)
        self.optimizerStep = optimizerStep
    }
}

/// A keyframe whose tensors are written and which the next commit may complete.
public struct StagedKeyframe: Sendable, Equatable {
    /// The row that waits.
    public let id: Int
    /// The state's iteration.
    public let iteration: Int
    /// The hashes of its tensors.
    public let tensors: [TensorName]
    /// Bytes that were new to the registry.
    public let bytesWritten: Int
    /// Seconds that writing took.
    public let cost: Double
}
