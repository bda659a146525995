import BPSQLite
import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

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
    /// The path of the file now: the recorded one, or that of the same archive beside the registry, if its folder was
    /// moved. The recorded one if it is in neither place.
    public internal(set) var place: String
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
        place = path
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

extension ArchiveRecord {
    /// Whether the file at `path` has the length of this archive, and names its digest. An archive begins with its digest;
    /// `restore` compares it with the bytes.
    func isFile(at path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return false }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == bytes else {
            return false
        }
        var beginning = [UInt8](repeating: 0, count: 512)
        let count = read(file, &beginning, beginning.count)
        guard count > 0 else { return false }
        return String(decoding: beginning.prefix(count), as: UTF8.self).contains(digest.hex)
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

    /// The record with the place of its file now.
    func located(_ archive: ArchiveRecord) -> ArchiveRecord {
        guard !archive.isFile(at: archive.path) else { return archive }
        let folder = FilePath.folder(of: store.path)
        let name = archive.path.split(separator: "/").last.map(String.init) ?? archive.path
        let beside = folder == "." ? name : folder == "/" ? "/\(name)" : "\(folder)/\(name)"
        guard archive.isFile(at: beside) else { return archive }
        var located = archive
        located.place = beside
        return located
    }
}

extension Store {
    package var archives: ArchiveTable { ArchiveTable(store: self) }
}
