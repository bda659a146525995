public import BPStore

/// A stored table of training data.
public struct DatasetRecord: Sendable, Equatable {
    /// SHA-256 over its canonical manifest.
    public let hash: SHA256Digest
    /// Its name.
    public let name: String
    /// The path of the file it was read from.
    public let sourcePath: String
    /// The number of rows of each column.
    public let rows: Int
    /// Whether the columns' bytes are kept.
    public let isStored: Bool
    /// Bytes of canonical content.
    public let bytes: Int
    /// Its columns, in the file's order.
    public let columns: [Column]
    /// Its creation time, in microseconds since 1970.
    package let created: Int64

    /// A column of a dataset.
    public struct Column: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// The type of the values in the bytes.
        public let type: ColumnType
        /// SHA-256 of its canonical bytes.
        public let digest: SHA256Digest
        /// Bytes of canonical content.
        public let bytes: Int
    }

    /// The type of the values in the canonical bytes of a column.
    public typealias ColumnType = StoredColumnType
}
