package import BPStore

/// A dataset to be stored.
package struct NewDataset: Sendable {
    /// Its name, for people.
    package var name: String
    /// The path of the file it was read from.
    package var sourcePath: String
    /// The number of rows of each column.
    package var rowCount: Int
    /// The columns, in the file's order.
    package var columns: [Column]
    /// Whether the bytes are kept, or only their hashes.
    package var keepContent: Bool

    /// A column with its canonical bytes.
    package struct Column: Sendable {
        /// Its name, for people.
        package var name: String
        /// The type of the values in the bytes.
        package var type: DatasetRecord.ColumnType
        /// Its values, in the canonical form of its type.
        package var bytes: [UInt8]

        /// A column with these bytes.
        package init(name: String, type: DatasetRecord.ColumnType, bytes: [UInt8]) {
            (self.name, self.type, self.bytes) = (name, type, bytes)
        }
    }

    /// A dataset with these columns, in the file's order.
    package init(name: String, sourcePath: String, rowCount: Int, columns: [Column], keepContent: Bool = true) {
        (self.name, self.sourcePath, self.rowCount) = (name, sourcePath, rowCount)
        (self.columns, self.keepContent) = (columns, keepContent)
    }
}

extension NewDataset {
    /// The hash that names it in a registry.
    package var hash: SHA256Digest { hash(ofColumns: columns.map { SHA256.hash($0.bytes) }) }

    package func hash(ofColumns digests: [SHA256Digest]) -> SHA256Digest { SHA256.hash(manifest(digests).serialized) }
}
