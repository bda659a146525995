package import BPStore

/// The contents of one commit to a run; all of it is recorded, or nothing.
package struct RunCommit: Sendable {
    /// Losses of the iterations after the last recorded one, in order. A NaN is stored as 0x7FC00000.
    package var losses: [Float]
    /// Epochs that ended within them (or before, if they were not recorded yet), in order.
    package var epochs: [EpochRecord]
    /// Keyframes that were staged and become complete; none is after the last iteration.
    package var keyframes: [StagedKeyframe]
    /// Keyframes to thin out (`KeyframeRecord.id`).
    package var deletedKeyframes: [Int]
    /// The run's end, if this is the last commit.
    package var end: RunEnd?

    /// A commit with these contents; empty by default.
    package init(
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
package struct RunEnd: Sendable {
    /// finished, stopped, diverged or failed.
    package var status: RunStatus
    /// The reason, for people.
    package var reason: String
    /// The evaluations at the end.
    package var evaluations: [NewEvaluation]
    /// The version to create from it.
    package var version: NewVersion?
    /// The file from which the run's first weights came, if this is the end of an import.
    package var imported: ImportOrigin?
    /// Whether the run ends as it had ended before it was taken over, if the attempt has recorded nothing. The attempt
    /// ends with `status`.
    package var keepsFormerEnd: Bool

    /// An end of this kind.
    package init(
        status: RunStatus, reason: String, evaluations: [NewEvaluation] = [], version: NewVersion? = nil,
        imported: ImportOrigin? = nil, keepsFormerEnd: Bool = false
    ) {
        (self.status, self.reason, self.evaluations, self.version) = (status, reason, evaluations, version)
        (self.imported, self.keepsFormerEnd) = (imported, keepsFormerEnd)
    }
}

/// A measure of a split at an iteration of the run's line.
package struct NewEvaluation: Sendable {
    /// "train", "validation", "test", "all", or a file's name.
    package var split: String
    /// The iteration of the measured state: the number of updates before it.
    package var iteration: Int
    /// The mean loss.
    package var loss: Float
    /// All scores, stored as given.
    package var scoresJSON: String
    /// Whether it measures the weights of the version that the same `RunEnd` creates.
    package var ofVersion: Bool

    /// A measure with these values.
    package init(split: String, iteration: Int, loss: Float, scoresJSON: String, ofVersion: Bool = false) {
        (self.split, self.iteration, self.loss) = (split, iteration, loss)
        (self.scoresJSON, self.ofVersion) = (scoresJSON, ofVersion)
    }
}

/// A version to create from the state at `iteration`. A keyframe of either kind must be complete there, at the latest
/// by the same commit.
package struct NewVersion: Sendable {
    /// The iteration of the state: the number of updates before it.
    package var iteration: Int
    /// The number of epochs that had ended.
    package var epoch: Int
    /// Network, encoders, scaling, stored as given.
    package var descriptionJSON: String
    /// Its measures, stored as given.
    package var metricsJSON: String

    /// A version of the state at `iteration`.
    package init(iteration: Int, epoch: Int, descriptionJSON: String, metricsJSON: String) {
        (self.iteration, self.epoch) = (iteration, epoch)
        (self.descriptionJSON, self.metricsJSON) = (descriptionJSON, metricsJSON)
    }
}

/// A keyframe to be staged.
package struct NewKeyframe: Sendable {
    /// The iteration of the state: the number of updates before it.
    package var iteration: Int
    /// The number of epochs that had ended.
    package var epoch: Int
    /// Its kind: full, or the weights alone.
    package var kind: KeyframeKind
    /// The reason for keeping it.
    package var role: KeyframeRole
    /// The number of steps that the optimizer has counted.
    package var optimizerStep: Int

    /// A keyframe of the state after `iteration` updates.
    package init(
        iteration: Int, epoch: Int, kind: KeyframeKind, role: KeyframeRole, optimizerStep: Int
    ) {
        (self.iteration, self.epoch, self.kind, self.role) = (iteration, epoch, kind, role)
        self.optimizerStep = optimizerStep
    }
}

/// A keyframe whose tensors are written, for the next commit to complete.
package struct StagedKeyframe: Sendable, Equatable {
    /// The pending row.
    package let id: Int
    /// The state's iteration.
    package let iteration: Int
    /// The hashes of its tensors.
    package let tensors: [TensorName]
    /// Bytes that were new in the registry.
    package let bytesWritten: Int
    /// Seconds spent on writing.
    package let cost: Double
}
