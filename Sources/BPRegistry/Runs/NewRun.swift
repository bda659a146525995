public import BPStore

/// The settings of an attempt, which are not of the spec: they may change at each resume.
public struct AttemptSettings: Sendable, Equatable {
    /// The number of threads that compute.
    public var threads: Int
    /// The instructions that compute: portable, avx2, avx512, neon.
    public var instructionSet: String
    /// The durability of a commit.
    public var durability: Registry.Durability
    /// `last` or `best`: which weights become the version.
    public var keep: String
    /// The total of epochs to reach.
    public var epochLimit: Int
    /// The rule by which keyframes are placed, as the trainer wrote it.
    public var keyframePolicyJSON: String
    /// bpreg's version, the processor, the system: for people, as the trainer wrote it.
    public var environmentJSON: String

    /// Settings of an attempt; the JSON texts are stored as given.
    public init(
        threads: Int, instructionSet: String, durability: Registry.Durability = .full, keep: String, epochLimit: Int,
        keyframePolicyJSON: String = "{}", environmentJSON: String = "{}"
    ) {
        (self.threads, self.instructionSet, self.durability) = (threads, instructionSet, durability)
        (self.keep, self.epochLimit) = (keep, epochLimit)
        (self.keyframePolicyJSON, self.environmentJSON) = (keyframePolicyJSON, environmentJSON)
    }
}

/// A run to be created.
public struct NewRun: Sendable {
    /// The model's name; the model is created if there is none.
    public var model: String
    /// The spec as canonical JSON; its SHA-256 names it.
    public var specJSON: String
    /// A dataset that is stored already.
    public var dataset: SHA256Digest
    /// The spec, flat.
    public var settings: [Setting]
    /// The number of iterations of an epoch: ⌈N/B⌉.
    public var iterationsPerEpoch: Int
    /// Whether a validation split is measured each epoch.
    public var hasValidation: Bool
    /// The name of an epoch's validation score; nil if there is none.
    public var scoreName: String?
    /// The settings of the first attempt.
    public var attempt: AttemptSettings
    /// The point of another run from which it continues; nil for a run that is no fork.
    public var fork: Fork?

    /// The beginning of a fork.
    public struct Fork: Sendable {
        /// The last state that it shares with its parent.
        public var parent: Point
        /// Whether the optimizer continues to count its steps; otherwise they begin at the fork.
        public var keepsSteps: Bool

        /// A fork from this point.
        public init(parent: Point, keepsSteps: Bool) { (self.parent, self.keepsSteps) = (parent, keepsSteps) }
    }

    /// A run with these particulars.
    public init(
        model: String, specJSON: String, dataset: SHA256Digest, settings: [Setting], iterationsPerEpoch: Int,
        hasValidation: Bool, scoreName: String? = nil, attempt: AttemptSettings,
        fork: Fork? = nil
    ) {
        (self.model, self.specJSON, self.dataset, self.settings) = (model, specJSON, dataset, settings)
        (self.iterationsPerEpoch, self.hasValidation) = (iterationsPerEpoch, hasValidation)
        (self.scoreName, self.attempt, self.fork) = (scoreName, attempt, fork)
    }
}
