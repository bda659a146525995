public import BPStore

/// A model: a name under which versions are counted.
public struct ModelRecord: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its name for the world.
    public let uuid: UUIDv7
    /// The number of its current version; nil before the first.
    public let currentVersion: Int?
    /// How many versions it has.
    public let versionCount: Int
    /// How many runs trained it.
    public let runCount: Int
    /// When it was made, in microseconds since 1970.
    package let created: Int64
}

/// A version of a model: the weights that a run ended with, and where they came from.
public struct VersionRecord: Sendable, Equatable {
    /// The model.
    public let model: String
    /// Its number among the model's versions, from 1, never used twice.
    public let number: Int
    /// Its name for the world.
    public let uuid: UUIDv7
    /// Its origin.
    public let run: Int
    /// The attempt whose end made it; nil where a person made it.
    public let attempt: Int?
    /// The segment of its iteration.
    public let segment: Int
    /// The state is that after so many updates.
    public let iteration: Int
    /// How many epochs had ended.
    public let epoch: Int
    /// Whether it is the model's current one.
    public let isCurrent: Bool
    /// Network, encoders, scaling: whatever prediction needs, as the trainer wrote it.
    public let descriptionJSON: String
    /// Its measures, as the trainer wrote them.
    public let metricsJSON: String
    /// Its tensors; it owns them whatever becomes of the run.
    package let tensors: [TensorName]
    /// When it was made, in microseconds since 1970.
    package let created: Int64
    /// The archive to which its weights have gone; nil where they are here.
    public let archive: ArchiveRecord?

    /// `iris:3`.
    public var name: String { "\(model):\(number)" }
    /// The hash of the parameters.
    public var weights: SHA256Digest? { tensors.first { $0.name == "parameters" }?.digest }
}
