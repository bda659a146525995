import BPSQLite

// Whether the chunks of tensors are there, and reading them one by one.
extension Store {
    /// The bytes of a tensor; nil if there is no such tensor.
    package func tensorSize(_ digest: SHA256Digest) throws -> Int? {
        try connection.first("SELECT bytes FROM tensor WHERE sha256 = ?", [digest.bytes], as: Int.self)
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

    /// Calls `body` with the chunks of a tensor, in order, and then compares them with its hash.
    /// - Throws: `RegistryError.archived` if they are in an archive; what `body` throws.
    package func forEachChunk(of digest: SHA256Digest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var hash = SHA256()
        var part = 0
        while true {
            let found: Void? = try connection.first(
                """
                SELECT data FROM tensor_chunk JOIN chunk ON chunk.sha256 = tensor_chunk.chunk
                WHERE tensor = ? AND part = ?
                """, [digest.bytes, part]
            ) { row in
                try row.withBlob(0) { bytes in
                    hash.update(bytes)
                    try body(bytes)
                }
            }
            guard found != nil else { break }
            part += 1
        }
        guard hash.finish() == digest else {
            throw try archives.error(for: digest) ?? damaged("tensor \(digest.short)", "it does not fit its hash")
        }
    }
}
