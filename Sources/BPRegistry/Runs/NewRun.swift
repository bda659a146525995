package import BPStore

/// The settings of an attempt that are not part of the spec: they may change at each resume.
package struct AttemptSettings: Sendable, Equatable {
    /// The number of computing threads.
    package var threads: Int
    /// The instruction set for computing: portable, avx2, avx512, neon.
    package var instructionSet: String
    /// The durability of a commit.
    package var durability: Registry.Durability
    /// The weights for the version: `last` or `best`.
    package var keep: String
    /// The total number of epochs to reach.
    package var epochLimit: Int
    /// The rule for placing keyframes, as the trainer wrote it.
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
    /// The spec as canonical JSON, named by its SHA-256.
    package var specJSON: String
    /// The hash of a dataset that is already stored.
    package var dataset: SHA256Digest
    /// The spec as flat settings.
    package var settings: [Setting]
    /// The number of iterations of an epoch: ⌈N/B⌉.
    package var iterationsPerEpoch: Int
    /// Whether a validation split is measured each epoch.
    package var hasValidation: Bool
    /// The name of an epoch's validation score; nil if there is none.
    package var scoreName: String?
    /// The settings of the first attempt.
    package var attempt: AttemptSettings
    /// The point of another run from which it continues; nil if the run is not a fork.
    package var fork: Fork?
    /// How its data were read, stored as given.
    package var readingJSON: String?

    /// The beginning of a fork.
    package struct Fork: Sendable {
        /// The last state that the fork shares with its parent.
        package var parent: Point
        /// Whether the optimizer continues to count its steps; otherwise the count begins at the fork.
        package var keepsSteps: Bool

        /// A fork from this point.
        package init(parent: Point, keepsSteps: Bool) { (self.parent, self.keepsSteps) = (parent, keepsSteps) }
    }

    /// A run with these values.
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
