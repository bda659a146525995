import BPSQLite

/// An archive that holds weights which are no longer in this registry.
public struct ArchiveRecord: Sendable, Equatable {
    /// The key of its row.
    public let id: Int
    /// The path that the archive was written to.
    public let path: String
    /// The digest over the whole file.
    public let digest: SHA256Digest
    /// The archived subject.
    public let subject: Subject
    /// The length of the file.
    public let bytes: Int
    /// The number of tensors that are in the archive and no longer in this registry.
    public package(set) var tensors: Int
    /// Its creation time, in microseconds since 1970.
    package let created: Int64
}

extension ArchiveRecord: SealedRow {
    package static let table = SealedTable(
        "archive", key: ["id"],
        [
            "path", "digest", "subject", "bytes", "tensors", "created",
        ],
        counts: [
            SealedTable.Count(column: "tensors", table: "archived_tensor", condition: "child.archive = parent.id")
        ])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        path = try columns.next()
        digest = try columns.next()
        subject = try columns.next()
        bytes = try columns.next()
        tensors = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(path)
        columns.add(digest)
        columns.add(subject)
        columns.add(bytes)
        columns.add(tensors)
        columns.add(created)
    }
}

/// A tensor whose bytes are in an archive and no longer in this registry.
package struct ArchivedTensorRow: Sendable, Equatable {
    package var tensor: SHA256Digest
    package var archive: Int

    package init(
        tensor: SHA256Digest, archive: Int
    ) {
        self.tensor = tensor
        self.archive = archive
    }
}

extension ArchivedTensorRow: SealedRow {
    package static let table = SealedTable(
        "archived_tensor", key: ["tensor"],
        [
            "archive"
        ])

    package init(_ columns: inout ColumnReader) throws {
        tensor = try columns.next()
        archive = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(tensor)
        columns.add(archive)
    }
}

/// The reads and writes of table `archive`.
package struct ArchiveTable {
    let store: Store

    /// The row of this key, which something stored refers to.
    package func need(_ id: Int) throws -> ArchiveRecord { try store.need([id.stored]) }
}

extension Store {
    package var archives: ArchiveTable { ArchiveTable(store: self) }
}
