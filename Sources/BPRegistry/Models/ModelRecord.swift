public import BPStore

/// A model: a name under which versions are numbered.
public struct ModelRecord: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its unique ID across registries.
    public let uuid: UUIDv7
    /// The number of its current version; nil before the first.
    public let currentVersion: Int?
    /// The number of its versions.
    public let versionCount: Int
    /// The number of runs that trained it.
    public let runCount: Int
    /// Its creation time, in microseconds since 1970.
    package let created: Int64
}

/// A version of a model: the weights that a run ended with, and their origin.
public struct VersionRecord: Sendable, Equatable {
    /// The model.
    public let model: String
    /// Its number among the model's versions, from 1, never used twice.
    public let number: Int
    /// Its unique ID across registries.
    public let uuid: UUIDv7
    /// The run that computed its weights.
    public let run: Int
    /// The attempt whose end created it; nil if a person created it.
    public let attempt: Int?
    /// The segment of its iteration.
    public let segment: Int
    /// The number of updates before its state.
    public let iteration: Int
    /// The number of epochs that had ended.
    public let epoch: Int
    /// Whether it is the model's current version.
    public let isCurrent: Bool
    /// Network, encoders and scaling, which prediction needs, as the trainer wrote them.
    public let descriptionJSON: String
    /// Its measures, as the trainer wrote them.
    public let metricsJSON: String
    /// Its tensors, which are kept as long as the version exists.
    package let tensors: [TensorName]
    /// Its creation time, in microseconds since 1970.
    package let created: Int64
    /// The archive that holds its weights; nil if they are in the registry.
    public let archive: ArchiveRecord?

    /// `iris:3`.
    public var name: String { "\(model):\(number)" }
    /// The hash of the parameters.
    public var weights: SHA256Digest? { tensors.first { $0.name == TensorName.parameters }?.digest }
}
