import BPSQLite

// Tombstones: what stays of tensors that have gone to an archive. Their rows and names stay too, their chunks do not.
extension Store {
    /// The row that says that a tensor is in an archive; nil where it is here, or nowhere.
    package func tombstone(of digest: SHA256Digest) throws -> TableRow? {
        try row(.archivedTensor, [.digest(digest)])
    }

    /// The archive to which a tensor has gone.
    package func archive(of digest: SHA256Digest) throws -> ArchiveRecord? {
        guard let tombstone = try tombstone(of: digest) else { return nil }
        return try ArchiveRecord(need(.archive, [tombstone["archive"]]))
    }

    /// The error of whoever wants to read a tensor that has gone to an archive.
    package func archived(_ digest: SHA256Digest) throws -> RegistryError? {
        guard let archive = try archive(of: digest) else { return nil }
        return .archived(what: try owner(of: digest), path: archive.path, digest: archive.digest)
    }

    /// What people call the thing whose tensor it is.
    private func owner(of digest: SHA256Digest) throws -> String {
        let version = try connection.first(
            """
            SELECT model.name || ':' || version.number FROM version_tensor AS t JOIN version ON version.id = t.version
            JOIN model ON model.id = version.model WHERE t.tensor = ? ORDER BY version.id DESC
            """, [digest.bytes], as: String.self)
        let keyframe = try connection.first(
            """
            SELECT run || '@iteration:' || iteration FROM keyframe_tensor AS t JOIN keyframe ON keyframe.id = t.keyframe
            WHERE t.tensor = ? ORDER BY keyframe.id
            """, [digest.bytes], as: String.self)
        return version ?? keyframe ?? "tensor \(digest.short)"
    }

    /// Takes the tombstone of a tensor away whose chunks are all there again, within a transaction. With the last of an
    /// archive all of its weights are back, which is an event.
    package func removeTombstoneIfWhole(_ digest: SHA256Digest) throws {
        guard try tombstone(of: digest) != nil, try isWhole(digest) else { return }
        guard let archive = try removeTombstone(of: digest) else { return }
        try addEvent(
            .returned, of: archive.subject, at: environment.now(),
            ["path": .string(archive.path), "digest": .string(archive.digest.hex)])
    }

    /// Whether all chunks of a tensor are there.
    package func isWhole(_ digest: SHA256Digest) throws -> Bool {
        let found = try connection.first(
            "SELECT bytes, (SELECT count(*) FROM tensor_chunk WHERE tensor = sha256) FROM tensor WHERE sha256 = ?",
            [digest.bytes]
        ) { (bytes: try $0.get(0, as: Int.self), parts: try $0.get(1, as: Int.self)) }
        return found.map { TensorPart.count(ofBytes: $0.bytes) == $0.parts } ?? false
    }

    /// Whether something names a tensor whose chunks it is still writing: a keyframe that waits, or data.
    package func isWaitedFor(_ digest: SHA256Digest) throws -> Bool {
        try connection.value(
            """
            SELECT EXISTS (SELECT 1 FROM keyframe_tensor AS t JOIN keyframe ON keyframe.id = t.keyframe
                    WHERE t.tensor = ?1 AND keyframe.state = 'pending')
                OR EXISTS (SELECT 1 FROM dataset_column AS c JOIN dataset ON dataset.hash = c.dataset
                    WHERE c.sha256 = ?1 AND dataset.complete = 0)
            """, [digest.bytes])
    }

    /// Takes the tombstone of a tensor away if it has one, and its archive with the last, within a transaction.
    /// - Returns: the archive, if it went.
    @discardableResult
    package func removeTombstone(of digest: SHA256Digest) throws -> ArchiveRecord? {
        guard let tombstone = try tombstone(of: digest) else { return nil }
        try delete(tombstone)
        var archive = try need(.archive, [tombstone["archive"]])
        try archive.add(-1, to: "tensors")
        guard try archive.int("tensors") == 0 else {
            try update(archive)
            return nil
        }
        try delete(archive)
        try updateRegistry { try $0.add(-1, to: "archives") }
        return try ArchiveRecord(archive)
    }
}
