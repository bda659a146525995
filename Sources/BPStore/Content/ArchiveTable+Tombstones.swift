import BPSQLite

// Tombstones: each names the archive that holds a tensor. The tensor's row and names stay; its chunks are deleted.
extension ArchiveTable {
    /// The row that records that a tensor is in an archive; nil if the tensor is in no archive.
    package func tombstone(of digest: SHA256Digest) throws -> ArchivedTensorRow? { try store.find([digest.stored]) }

    /// The archive that holds a tensor; nil if there is none.
    package func holder(of digest: SHA256Digest) throws -> ArchiveRecord? {
        try tombstone(of: digest).map { located(try need($0.archive)) }
    }

    /// The error for reading a tensor that is in an archive; nil if it is in none.
    package func error(for digest: SHA256Digest) throws -> RegistryError? {
        guard let archive = try holder(of: digest) else { return nil }
        return .archived(what: try owner(of: digest), path: archive.place, digest: archive.digest)
    }

    /// The name by which people know the owner of the tensor.
    private func owner(of digest: SHA256Digest) throws -> String {
        let version = try store.connection.first(
            """
            SELECT model.name || ':' || version.number FROM version_tensor AS t JOIN version ON version.id = t.version
            JOIN model ON model.id = version.model WHERE t.tensor = ? ORDER BY version.id DESC
            """, [digest.bytes], as: String.self)
        let keyframe = try store.connection.first(
            """
            SELECT run || '@iteration:' || iteration FROM keyframe_tensor AS t JOIN keyframe ON keyframe.id = t.keyframe
            WHERE t.tensor = ? ORDER BY keyframe.id
            """, [digest.bytes], as: String.self)
        return version ?? keyframe ?? "tensor \(digest.short)"
    }

    /// All archives that hold weights which are not in the registry, oldest first.
    package func all() throws -> [ArchiveRecord] {
        let rows: [ArchiveRecord] = try store.rows("ORDER BY id")
        return rows.map(located)
    }

    // MARK: Into an archive

    /// Inserts an archive that holds no tensor yet, and the event, within a transaction.
    package func add(
        path: String, digest: SHA256Digest, bytes: Int, of subject: Subject, at now: Int64
    ) throws -> ArchiveRecord {
        let id = try store.connection.value("SELECT coalesce(max(id), 0) + 1 FROM archive", as: Int.self)
        let archive = ArchiveRecord(
            id: id, path: path, digest: digest, subject: subject, bytes: bytes, tensors: 0, created: now, place: path)
        try store.insert(archive)
        try store.registry.update { $0.archives = ($0.archives ?? 0) + 1 }
        try store.events.add(.archived, of: subject, at: now, ["path": .string(path), "digest": .string(digest.hex)])
        return archive
    }

    /// Deletes the chunks of tensors and records the archive that holds them, within a transaction.
    /// - Returns: the row of the archive.
    package func free(_ tensors: [SHA256Digest], into archive: ArchiveRecord) throws -> ArchiveRecord {
        for digest in tensors {
            try store.insert(ArchivedTensorRow(tensor: digest, archive: archive.id))
            try store.tensors.deleteChunks(of: digest)
        }
        var archive = archive
        archive.tensors += tensors.count
        try store.update(archive)
        return archive
    }

    // MARK: Back from an archive

    /// Deletes the tombstone of a tensor if all its chunks are here again, within a transaction. When the last
    /// tombstone of an archive is deleted, all of its weights are here again, which is recorded as an event.
    package func removeTombstoneIfWhole(_ digest: SHA256Digest) throws {
        guard try tombstone(of: digest) != nil, try store.tensors.isWhole(digest) else { return }
        guard let archive = try removeTombstone(of: digest) else { return }
        try store.events.add(
            .returned, of: archive.subject, at: store.environment.now(),
            ["path": .string(archive.path), "digest": .string(archive.digest.hex)])
    }

    /// Deletes the tombstone of a tensor if it has one, and the archive after its last tombstone, within a transaction.
    /// - Returns: the archive, if it was deleted.
    @discardableResult
    package func removeTombstone(of digest: SHA256Digest) throws -> ArchiveRecord? {
        guard let tombstone = try tombstone(of: digest) else { return nil }
        try store.delete(tombstone)
        var archive = try need(tombstone.archive)
        archive.tensors -= 1
        guard archive.tensors == 0 else {
            try store.update(archive)
            return nil
        }
        try store.delete(archive)
        try store.registry.update { $0.archives = ($0.archives ?? 0) - 1 }
        return archive
    }
}
