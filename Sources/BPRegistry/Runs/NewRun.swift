package import BPStore

/// The settings of an attempt, which are not of the spec: they may change at each resume.
package struct AttemptSettings: Sendable, Equatable {
    /// The number of threads that compute.
    package var threads: Int
    /// The instructions that compute: portable, avx2, avx512, neon.
    package var instructionSet: String
    /// The durability of a commit.
    package var durability: Registry.Durability
    /// `last` or `best`: which weights become the version.
    package var keep: String
    /// The total of epochs to reach.
    package var epochLimit: Int
    /// The rule by which keyframes are placed, as the trainer wrote it.
    package var keyframePolicyJSON: String
    /// bpreg's version, the processor, the system: for people, as the trainer wrote it.
    package var environmentJSON: String

    /// Settings of an attempt; the JSON texts are stored as given.
    package init(
        threads: Int, instructionSet: String, durability: Registry.Durability = .full, keep: String, epochLimit: Int,
        keyframePolicyJSON: String = "{}", environmentJSON: String = "{}"
    ) {
        (self.threads, self.instructionSet, self.durability) = (threads, instructionSet, durability)
        (self.keep, self.epochLimit) = (keep, epochLimit)
        (self.keyframePolicyJSON, self.environmentJSON) = (keyframePolicyJSON, environmentJSON)
    }
}

/// A run to be created.
package struct NewRun: Sendable {
    /// The model's name; the model is created if there is none.
    package var model: String
    /// The spec as canonical JSON; its SHA-256 names it.
    package var specJSON: String
    /// A dataset that is stored already.
    package var dataset: SHA256Digest
    /// The spec, flat.
    package var settings: [Setting]
    /// The number of iterations of an epoch: ⌈N/B⌉.
    package var iterationsPerEpoch: Int
    /// Whether a validation split is measured each epoch.
    package var hasValidation: Bool
    /// The name of an epoch's validation score; nil if there is none.
    package var scoreName: String?
    /// The settings of the first attempt.
    package var attempt: AttemptSettings
    /// The point of another run from which it continues; nil for a run that is no fork.
    package var fork: Fork?
    /// How its data were read, stored as given.
    package var readingJSON: String?

    /// The beginning of a fork.
    package struct Fork: Sendable {
        /// The last state that it shares with its parent.
        package var parent: Point
        /// Whether the optimizer continues to count its steps; otherwise they begin at the fork.
        package var keepsSteps: Bool

        /// A fork from this point.
        package init(parent: Point, keepsSteps: Bool) { (self.parent, self.keepsSteps) = (parent, keepsSteps) }
    }

    /// A run with these particulars.
    package init(
        model: String, specJSON: String, dataset: SHA256Digest, settings: [Setting], iterationsPerEpoch: Int,
        hasValidation: Bool, scoreName: String? = nil, attempt: AttemptSettings,
        fork: Fork? = nil, readingJSON: String? = nil
    ) {
        (self.model, self.specJSON, self.dataset, self.settings) = (model, specJSON, dataset, settings)
        (self.iterationsPerEpoch, self.hasValidation) = (iterationsPerEpoch, hasValidation)
        (self.scoreName, self.attempt, self.fork) = (scoreName, attempt, fork)
        self.readingJSON = readingJSON
    }
}
