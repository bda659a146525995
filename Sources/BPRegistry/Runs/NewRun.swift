public import BPStore

/// What lives with an attempt and not with the spec: it may change at each resume.
public struct AttemptSettings: Sendable, Equatable {
    /// How many threads compute.
    public var threads: Int
    /// Which instructions compute: portable, avx2, avx512, neon.
    public var instructionSet: String
    /// How hard a commit is.
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

/// A run to be made.
public struct NewRun: Sendable {
    /// The model's name; the model is made if there is none.
    public var model: String
    /// The spec as canonical JSON; its SHA-256 names it.
    public var specJSON: String
    /// A dataset that is stored already.
    public var dataset: SHA256Digest
    /// The spec, flat.
    public var settings: [Setting]
    /// How many iterations an epoch has: ⌈N/B⌉.
    public var iterationsPerEpoch: Int
    /// Whether a validation split is measured each epoch.
    public var hasValidation: Bool
    /// What an epoch's validation score measures; nil if nothing.
    public var scoreName: String?
    /// What lives with the first attempt.
    public var attempt: AttemptSettings
    /// The point of another run from which it goes on; nil for a run of its own.
    public var fork: Fork?

    /// Where a fork begins.
    public struct Fork: Sendable {
        /// The last state that it shares with its parent.
        public var parent: Point
        /// Whether the optimizer goes on counting its steps; if not, they begin anew at the fork.
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
