package import BPStore

/// A dataset to be stored.
package struct NewDataset: Sendable {
    /// Its name, for people.
    package var name: String
    /// The file it was read from.
    package var sourcePath: String
    /// How many rows each column has.
    package var rowCount: Int
    /// The columns, in the file's order.
    package var columns: [Column]
    /// Whether the bytes are kept, or only their hashes.
    package var keepContent: Bool

    /// A column with its canonical bytes.
    package struct Column: Sendable {
        /// Its name, for people.
        package var name: String
        /// What the bytes hold.
        package var type: DatasetRecord.ColumnType
        /// Its values, in the canonical form of its type.
        package var bytes: [UInt8]

        /// A column of these bytes.
        package init(name: String, type: DatasetRecord.ColumnType, bytes: [UInt8]) {
            (self.name, self.type, self.bytes) = (name, type, bytes)
        }
    }

    /// A dataset of these columns, in the file's order.
    package init(name: String, sourcePath: String, rowCount: Int, columns: [Column], keepContent: Bool = true) {
        (self.name, self.sourcePath, self.rowCount) = (name, sourcePath, rowCount)
        (self.columns, self.keepContent) = (columns, keepContent)
    }
}

extension NewDataset {
    /// The hash under which a registry keeps it.
    package var hash: SHA256Digest { hash(ofColumns: columns.map { SHA256.hash($0.bytes) }) }

    func hash(ofColumns digests: [SHA256Digest]) -> SHA256Digest { SHA256.hash(manifest(digests).serialized) }
}
