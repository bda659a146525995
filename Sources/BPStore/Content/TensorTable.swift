import BPSQLite

/// Reads and writes tensors: flat bytes, named by their SHA-256 and divided into chunks, each named by its own SHA-256.
package struct TensorTable {
    let store: Store

    /// Adds a tensor whose chunks follow, within a transaction.
    package func add(_ digest: SHA256Digest, bytes: Int) throws {
        try store.connection.execute(
            "INSERT INTO tensor (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", [digest.bytes, bytes])
    }

    /// Writes a chunk of a tensor unless it is already here.
    /// - Returns: the number of bytes that were new.
    package func addPart(_ part: Int, of digest: SHA256Digest, _ bytes: UnsafeRawBufferPointer) throws -> Int {
        let connection = store.connection
        let isThere = try connection.first(
            "SELECT 1 FROM tensor_chunk WHERE tensor = ? AND part = ?", [digest.bytes, part], as: Int.self)
        if isThere != nil { return 0 }
        let hash = SHA256.hash(bytes)
        try connection.execute(
            "INSERT INTO chunk (sha256, data) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [hash.bytes, BorrowedBytes(bytes)])
        let written = connection.changes > 0 ? bytes.count : 0
        try connection.execute(
            "INSERT INTO tensor_chunk (tensor, part, chunk) VALUES (?, ?, ?)", [digest.bytes, part, hash.bytes])
        try store.archives.removeTombstoneIfWhole(digest)
        return written
    }

    /// The size of a tensor in bytes; nil if there is none with this hash.
    package func size(of digest: SHA256Digest) throws -> Int? {
        try store.connection.first("SELECT bytes FROM tensor WHERE sha256 = ?", [digest.bytes], as: Int.self)
    }

    /// Calls `body` with the bytes of a chunk of a tensor, which are not copied; nil if the chunk is not here.
    func withChunk<Result>(
        _ part: Int, of tensor: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result? {
        try store.connection.first(
            """
            SELECT data FROM tensor_chunk JOIN chunk ON chunk.sha256 = tensor_chunk.chunk
            WHERE tensor = ? AND part = ?
            """, [tensor, part]
        ) { row in try row.withBlob(0, body) }
    }

    /// The bytes of a tensor, checked against its hash.
    /// - Throws: `RegistryError.archived` if they are in an archive.
    package func bytes(_ digest: SHA256Digest) throws -> [UInt8] {
        let place = "tensor \(digest.short)"
        guard let size = try size(of: digest) else { throw store.damaged(place, "the row is missing") }
        var bytes: [UInt8] = []
        for part in 0..<TensorPart.count(ofBytes: size) {
            guard try withChunk(part, of: digest.bytes, { bytes.append(contentsOf: $0) }) != nil else {
                throw try store.archives.error(for: digest) ?? store.damaged(place, "chunk \(part) is missing")
            }
        }
        guard bytes.count == size, SHA256.hash(bytes) == digest else {
            throw store.damaged(place, "it does not fit its hash")
        }
        return bytes
    }

    /// Whether all chunks of a tensor are here.
    package func isWhole(_ digest: SHA256Digest) throws -> Bool {
        let found = try store.connection.first(
            "SELECT bytes, (SELECT count(*) FROM tensor_chunk WHERE tensor = sha256) FROM tensor WHERE sha256 = ?",
            [digest.bytes]
        ) { (bytes: try $0.get(0, as: Int.self), parts: try $0.get(1, as: Int.self)) }
        return found.map { TensorPart.count(ofBytes: $0.bytes) == $0.parts } ?? false
    }

    /// Whether a tensor's chunks are still being written: by a pending keyframe, or for an incomplete dataset.
    package func isWaitedFor(_ digest: SHA256Digest) throws -> Bool {
        try store.connection.value(
            """
            SELECT EXISTS (SELECT 1 FROM keyframe_tensor AS t JOIN keyframe ON keyframe.id = t.keyframe
                    WHERE t.tensor = ?1 AND keyframe.state = 'pending')
                OR EXISTS (SELECT 1 FROM dataset_column AS c JOIN dataset ON dataset.hash = c.dataset
                    WHERE c.sha256 = ?1 AND dataset.complete = 0)
            """, [digest.bytes])
    }

    /// Whether something complete refers to a tensor and its bytes are here, so that it need not be written.
    package func isStored(_ digest: SHA256Digest) throws -> Bool {
        if try store.archives.tombstone(of: digest) != nil { return false }
        return try store.connection.value(
            """
            SELECT EXISTS (SELECT 1 FROM version_tensor WHERE tensor = ?1)
                OR EXISTS (SELECT 1 FROM keyframe_tensor AS t JOIN keyframe ON keyframe.id = t.keyframe
                    WHERE t.tensor = ?1 AND keyframe.state = 'complete')
            """, [digest.bytes])
    }

    /// Deletes a tensor and its chunks, unless something refers to them, within a transaction.
    package func release(_ digest: SHA256Digest) throws {
        let hash = digest.bytes
        let isUsed: Bool = try store.connection.value(
            """
            SELECT EXISTS (SELECT 1 FROM keyframe_tensor WHERE tensor = ?1)
                OR EXISTS (SELECT 1 FROM version_tensor WHERE tensor = ?1)
                OR EXISTS (SELECT 1 FROM dataset_column WHERE sha256 = ?1)
                OR EXISTS (SELECT 1 FROM deleted_tensor WHERE tensor = ?1)
            """, [hash])
        if isUsed { return }
        try store.archives.removeTombstone(of: digest)
        try deleteChunks(of: digest)
        try store.connection.execute("DELETE FROM tensor WHERE sha256 = ?", [hash])
    }

    /// Deletes the chunks that a tensor shares with no other one, and keeps its row, within a transaction.
    package func deleteChunks(of digest: SHA256Digest) throws {
        let chunks = try store.connection.all(
            "SELECT DISTINCT chunk FROM tensor_chunk WHERE tensor = ?", [digest.bytes], as: [UInt8].self)
        try store.connection.execute("DELETE FROM tensor_chunk WHERE tensor = ?", [digest.bytes])
        for chunk in chunks {
            try store.connection.execute(
                "DELETE FROM chunk WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM tensor_chunk WHERE chunk = ?1)",
                [chunk])
        }
    }

    /// Calls `body` with the chunks of a tensor, in order, and then compares their hash with the tensor's.
    /// - Throws: `RegistryError.archived` if they are in an archive; what `body` throws.
    package func forEachChunk(of digest: SHA256Digest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var hash = SHA256()
        var part = 0
        while true {
            let found: Void? = try withChunk(part, of: digest.bytes) { bytes in
                hash.update(bytes)
                try body(bytes)
            }
            guard found != nil else { break }
            part += 1
        }
        guard hash.finish() == digest else {
            throw try store.archives.error(for: digest)
                ?? store.damaged("tensor \(digest.short)", "it does not fit its hash")
        }
    }
}

extension Store {
    package var tensors: TensorTable { TensorTable(store: self) }
}
