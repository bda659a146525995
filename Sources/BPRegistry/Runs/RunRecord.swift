public import BPStore

/// A run with the summary that each commit keeps; nothing of it is read from the series.
public struct RunRecord: Sendable, Equatable {
    /// Its number, from 1, never used twice.
    public let number: Int
    /// Its name for the world.
    public let uuid: UUIDv7
    /// The model it trains.
    public let model: String
    /// The hash of its spec.
    public let spec: SHA256Digest
    /// The hash of its dataset.
    public let dataset: SHA256Digest
    /// Running, interrupted or how it ended.
    public let status: RunStatus
    /// Why it ended: a rule's or an error's words.
    public let reason: String?
    /// The segment that is current.
    public let headSegment: Int
    /// How many segments it has.
    public let segmentCount: Int
    /// How many attempts it took so far.
    public let attemptCount: Int
    /// Raised by each takeover; every commit checks it.
    public let fence: Int
    /// How many iterations an epoch has.
    public let iterationsPerEpoch: Int
    /// Whether a validation split is measured each epoch.
    public let hasValidation: Bool
    /// What `validationScore` of an epoch measures ("accuracy"); nil if nothing.
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
    /// Lowest validation loss, the earliest on ties, never NaN; nil before there is one.
    public let best: Best?
    /// Seconds spent training, over all attempts, as the epochs tell.
    public let seconds: Double
    /// When it was made, in microseconds since 1970.
    package let created: Int64
    /// When it last committed, in microseconds since 1970.
    package let updated: Int64
    /// When it ended, in microseconds since 1970; nil while it has no end.
    package let ended: Int64?
    /// The run and iteration it was forked from.
    public let parent: Parent?

    /// The epoch with the lowest validation loss.
    public struct Best: Sendable, Equatable {
        /// Its number.
        public let epoch: Int
        /// The iteration.
        public let iteration: Int
        /// Its validation loss.
        public let loss: Float
    }

    /// Where a fork began.
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
    /// Until when it is taken for alive on another machine, in microseconds since 1970.
    package let leaseUntil: Int64
    /// What lives with the attempt.
    package let settings: AttemptSettings
    /// The segment it began in.
    public let segment: Int
    /// The first iteration it recorded; nil where it recorded none.
    public let firstIteration: Int?
    /// The last iteration it recorded; nil where it recorded none.
    public let lastIteration: Int?
    /// When it started, in microseconds since 1970.
    package let started: Int64
    /// When it ended, in microseconds since 1970; nil while it has no end.
    package let ended: Int64?
    /// How it ended ("interrupted" where a later attempt found it dead); nil while it has no end.
    public let status: RunStatus?
}
