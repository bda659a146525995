public import BPStore

/// A stored table of training data.
public struct DatasetRecord: Sendable, Equatable {
    /// SHA-256 over its canonical manifest.
    public let hash: SHA256Digest
    /// Its name.
    public let name: String
    /// The file it was read from.
    public let sourcePath: String
    /// How many rows each column has.
    public let rows: Int
    /// Whether the columns' bytes are kept.
    public let isStored: Bool
    /// Bytes of canonical content.
    public let bytes: Int
    /// Its columns, in the file's order.
    public let columns: [Column]
    /// When it was made, in microseconds since 1970.
    package let created: Int64

    /// A column of it.
    public struct Column: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// What the bytes hold.
        public let type: ColumnType
        /// SHA-256 of its canonical bytes.
        public let digest: SHA256Digest
        /// Bytes of canonical content.
        public let bytes: Int
    }

    /// What the canonical bytes of a column hold.
    public typealias ColumnType = StoredColumnType
}
