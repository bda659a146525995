public import BPStore

/// A run with the summary that each commit updates; nothing is read from the series.
public struct RunRecord: Sendable, Equatable {
    /// Its number, from 1, never used twice.
    public let number: Int
    /// Its unique ID across registries.
    public let uuid: UUIDv7
    /// The model it trains.
    public let model: String
    /// The hash of its spec.
    public let spec: SHA256Digest
    /// The hash of its dataset.
    public let dataset: SHA256Digest
    /// Running, interrupted, or the kind of its end.
    public let status: RunStatus
    /// The reason for its end: the text of a rule or an error.
    public let reason: String?
    /// The segment that is current.
    public let headSegment: Int
    /// The number of its segments.
    public let segmentCount: Int
    /// The number of its attempts so far.
    public let attemptCount: Int
    /// Raised by each takeover; every commit checks it.
    public let fence: Int
    /// The number of iterations of an epoch.
    public let iterationsPerEpoch: Int
    /// Whether a validation split is measured each epoch.
    public let hasValidation: Bool
    /// The name of the `validationScore` of an epoch ("accuracy"); nil if there is none.
    public let scoreName: String?
    /// Last iteration of the line that ends in the head; 0 before the first.
    public let iterations: Int
    /// Last epoch that ended on this line; 0 before the first.
    public let epochs: Int
    /// Loss of the last iteration.
    public let lastLoss: Float?
    /// Training loss of the last epoch.
    public let epochLoss: Float?
    /// Validation loss of the last epoch.
    public let validationLoss: Float?
    /// Validation score of the last epoch.
    public let validationScore: Float?
    /// The epoch with the lowest finite validation loss, the earliest on ties; nil before there is one.
    public let best: Best?
    /// Seconds spent training, over all attempts: the sum over the epochs.
    public let seconds: Double
    /// Its creation time, in microseconds since 1970.
    package let created: Int64
    /// The time of its last commit, in microseconds since 1970.
    package let updated: Int64
    /// Its end time, in microseconds since 1970; nil while it has no end.
    package let ended: Int64?
    /// The point from which it was forked; nil if it is not a fork.
    public let parent: Parent?
    /// How its data were read from their file, as the trainer wrote it; nil if an older bpreg recorded the run.
    package let readingJSON: String?

    /// The epoch with the lowest validation loss.
    public struct Best: Sendable, Equatable {
        /// Its number.
        public let epoch: Int
        /// The iteration.
        public let iteration: Int
        /// Its validation loss.
        public let loss: Float
    }

    /// The beginning of a fork.
    public struct Parent: Sendable, Equatable {
        /// The run.
        public let run: Int
        /// The segment.
        public let segment: Int
        /// The iteration.
        public let iteration: Int
    }
}

/// A process that trains or trained a run.
public struct AttemptRecord: Sendable, Equatable {
    /// The run.
    public let run: Int
    /// Its number in the run, from 1.
    public let number: Int
    /// The process.
    public let owner: Owner
    /// The time until which it counts as alive on another machine, in microseconds since 1970.
    package let leaseUntil: Int64
    /// Its settings.
    package let settings: AttemptSettings
    /// The segment in which it began.
    public let segment: Int
    /// The first iteration it recorded; nil if it recorded none.
    public let firstIteration: Int?
    /// The last iteration it recorded; nil if it recorded none.
    public let lastIteration: Int?
    /// Its start time, in microseconds since 1970.
    package let started: Int64
    /// Its end time, in microseconds since 1970; nil while it has no end.
    package let ended: Int64?
    /// The kind of its end ("interrupted" if a later attempt found it dead); nil while it has no end.
    public let status: RunStatus?
}
