import BPSQLite

// Tombstones: they name the archive that holds a tensor in its place. The tensor's row and names stay, its chunks do not.
extension ArchiveTable {
    /// The row that says that a tensor is in an archive; nil if it is here, or nowhere.
    package func tombstone(of digest: SHA256Digest) throws -> ArchivedTensorRow? { try store.find([digest.stored]) }

    /// The archive that holds a tensor in its place; nil if there is none.
    package func holder(of digest: SHA256Digest) throws -> ArchiveRecord? {
        try tombstone(of: digest).map { try need($0.archive) }
    }

    /// The error for reading a tensor that is in an archive; nil if it is in none.
    package func error(for digest: SHA256Digest) throws -> RegistryError? {
        guard let archive = try holder(of: digest) else { return nil }
        return .archived(what: try owner(of: digest), path: archive.path, digest: archive.digest)
    }

    /// The name that people know of the thing whose tensor it is.
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

    /// Deletes the tombstone of a tensor if all its chunks are there again, within a transaction. With the last tombstone
    /// of an archive all of its weights are back, which is an event.
    package func removeTombstoneIfWhole(_ digest: SHA256Digest) throws {
        guard try tombstone(of: digest) != nil, try store.tensors.isWhole(digest) else { return }
        guard let archive = try removeTombstone(of: digest) else { return }
        try store.events.add(
            .returned, of: archive.subject, at: store.environment.now(),
            ["path": .string(archive.path), "digest": .string(archive.digest.hex)])
    }

    /// Deletes the tombstone of a tensor if it has one, and its archive with the last, within a transaction.
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
