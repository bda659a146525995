public import BPStore

/// A dataset to be stored.
public struct NewDataset: Sendable {
    /// Its name, for people.
    public var name: String
    /// The path of the file it was read from.
    public var sourcePath: String
    /// The number of rows of each column.
    public var rowCount: Int
    /// The columns, in the file's order.
    public var columns: [Column]
    /// Whether the bytes are kept, or only their hashes.
    public var keepContent: Bool

    /// A column with its canonical bytes.
    public struct Column: Sendable {
        /// Its name, for people.
        public var name: String
        /// The type of the values in the bytes.
        public var type: DatasetRecord.ColumnType
        /// Its values, in the canonical form of its type.
        public var bytes: [UInt8]

        /// A column of these bytes.
        public init(name: String, type: DatasetRecord.ColumnType, bytes: [UInt8]) {
            (self.name, self.type, self.bytes) = (name, type, bytes)
        }
    }

    /// A dataset of these columns, in the file's order.
    public init(name: String, sourcePath: String, rowCount: Int, columns: [Column], keepContent: Bool = true) {
        (self.name, self.sourcePath, self.rowCount) = (name, sourcePath, rowCount)
        (self.columns, self.keepContent) = (columns, keepContent)
    }
}

extension NewDataset {
    /// The hash under which a registry keeps it.
    public var hash: SHA256Digest { hash(ofColumns: columns.map { SHA256.hash($0.bytes) }) }

    package func hash(ofColumns digests: [SHA256Digest]) -> SHA256Digest { SHA256.hash(manifest(digests).serialized) }
}
