/// A model: a name under which versions are counted.
public struct ModelRecord: Sendable, Equatable {
    public let name: String
    public let uuid: UUIDv7
    /// The number of its current version; nil before the first.
    public let currentVersion: Int?
    public let versionCount: Int
    public let runCount: Int
    public let created: Int64
}

/// A version of a model: the weights that a run ended with, and where they came from.
public struct VersionRecord: Sendable, Equatable {
    public let model: String
    /// Its number among the model's versions, from 1, never used twice.
    public let number: Int
    public let uuid: UUIDv7
    /// Its origin.
    public let run: Int
    public let attempt: Int
    public let segment: Int
    public let iteration: Int
    public let epoch: Int
    /// Whether it is the model's current one.
    public let isCurrent: Bool
    /// Network, encoders, scaling: whatever prediction needs, as the trainer wrote it.
    public let descriptionJSON: String
    /// Its measures, as the trainer wrote them.
    public let metricsJSON: String
    public let tensors: [TensorName]
    public let created: Int64

    /// `iris:3`.
    public var name: String { "\(model):\(number)" }
    /// The hash of the parameters.
    public var weights: SHA256Digest? { tensors.first { $0.name == "parameters" }?.digest }
}

/// A stored table of training data.
public struct DatasetRecord: Sendable, Equatable {
    /// SHA-256 over its canonical manifest.
    public let hash: SHA256Digest
    public let name: String
    public let sourcePath: String
    public let rows: Int
    /// Whether the columns' bytes are kept.
    public let isStored: Bool
    public let bytes: Int
    public let columns: [Column]
    public let created: Int64

    /// A column of it.
    public struct Column: Sendable, Equatable {
        public let name: String
        public let type: ColumnType
        /// SHA-256 of its canonical bytes.
        public let digest: SHA256Digest
        public let bytes: Int
    }

    /// What the canonical bytes of a column hold.
    public enum ColumnType: String, Sendable, CaseIterable {
        case f64, f32, u8, text
    }
}
