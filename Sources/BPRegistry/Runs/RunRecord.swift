/// How a run stands (decision 16 of the design): four ways to have ended, and two without an end.
public enum RunStatus: String, Sendable, CaseIterable {
    /// Its process lives.
    case running
    /// Its process is gone and wrote no end: it can be resumed.
    case interrupted
    /// It reached its end.
    case finished
    /// It was asked to stop.
    case stopped
    /// A loss or gradient was not finite.
    case diverged
    /// An error ended it.
    case failed
}

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
    public let created: Int64
    /// When it last committed, in microseconds since 1970.
    public let updated: Int64
    /// When it ended, in microseconds since 1970; nil while it has no end.
    public let ended: Int64?
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

/// A stretch of a run between two rollbacks.
public struct SegmentRecord: Sendable, Equatable {
    /// The run.
    public let run: Int
    /// Its number in the run, from 1.
    public let number: Int
    /// The segment it goes on from, perhaps of another run; nil for a first one.
    public let parentRun: Int?
    /// The number of the segment it goes on from.
    public let parentSegment: Int?
    /// Its first iteration; iteration numbers go on from the parent.
    public let firstIteration: Int
    /// The epoch of its first iteration.
    public let firstEpoch: Int
    /// The iteration after which the epoch of its first iteration began.
    public let epochStart: Int
    /// How many iterations an epoch has.
    public let iterationsPerEpoch: Int
    /// The iteration from which the optimizer counts its steps: step t − origin is taken at iteration t.
    public let stepOrigin: Int
    /// How many iterations were recorded in it.
    public let iterations: Int
    /// How many epochs ended in it.
    public let epochs: Int
    /// How many of the iterations are still held: gc frees what is superseded.
    public let keptIterations: Int
    /// How many of the epochs are still held.
    public let keptEpochs: Int
    /// How many complete keyframes it holds.
    public let keyframes: Int
    /// The chain before its first block: H₀.
    public let chainStart: SHA256Digest
    /// The chain after its last block.
    public let chainEnd: SHA256Digest
    /// When it was made, in microseconds since 1970.
    public let created: Int64
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
    public let leaseUntil: Int64
    /// What lives with the attempt.
    public let settings: AttemptSettings
    /// The segment it began in.
    public let segment: Int
    /// The first iteration it recorded; nil where it recorded none.
    public let firstIteration: Int?
    /// The last iteration it recorded; nil where it recorded none.
    public let lastIteration: Int?
    /// When it started, in microseconds since 1970.
    public let started: Int64
    /// When it ended, in microseconds since 1970; nil while it has no end.
    public let ended: Int64?
    /// How it ended ("interrupted" where a later attempt found it dead); nil while it has no end.
    public let status: RunStatus?
}

/// One value of a run's settings: the spec, flat and typed, for lists and queries.
public enum SettingValue: Sendable, Equatable {
    case number(Double)
    case integer(Int64)
    case text(String)
    case bool(Bool)
}

/// One setting of a run.
public struct Setting: Sendable, Equatable {
    /// Its name, such as `learning_rate`.
    public let name: String
    /// Its value.
    public let value: SettingValue

    /// A setting of this name and value.
    public init(_ name: String, _ value: SettingValue) { (self.name, self.value) = (name, value) }
}
