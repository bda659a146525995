import BPSQLite

/// Sizes that bound what one row and one transaction hold.
package enum Limit {
    /// Bytes of a chunk.
    package static let chunk = 1 << 20
    /// Bytes of chunks in one transaction: 8 MiB with all that goes along.
    package static let transaction = 7 << 20
    /// Losses, and epochs, in one transaction.
    package static let losses = 1 << 20
    package static let epochs = 20_000
    /// Rows in one page of a reading.
    package static let page = 4_096
}

// Tensors: flat bytes, named by their SHA-256, in chunks that are named by theirs.
extension Store {
    /// Enters a tensor whose chunks follow, within a transaction.
    package func addTensor(_ digest: SHA256Digest, bytes: Int) throws {
        try connection.execute(
            "INSERT INTO tensor (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", [digest.bytes, bytes])
    }

    /// Writes a chunk of a tensor unless it is there.
    /// - Returns: how many bytes were new.
    package func addPart(_ part: Int, of digest: SHA256Digest, _ bytes: UnsafeRawBufferPointer) throws -> Int {
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
        try removeTombstoneIfWhole(digest)
        return written
    }

    /// The bytes of a tensor, checked against its hash.
    /// - Throws: `RegistryError.archived` where they have gone to an archive.
    package func tensorBytes(_ digest: SHA256Digest) throws -> [UInt8] {
        let place = "tensor \(digest.short)"
        guard let size = try connection.first("SELECT bytes FROM tensor WHERE sha256 = ?", [digest.bytes], as: Int.self)
        else {
            throw damaged(place, "the row is missing")
        }
        var bytes: [UInt8] = []
        for part in 0..<TensorPart.count(ofBytes: size) {
            let found: Void? = try connection.first(
                """
                SELECT data FROM tensor_chunk JOIN chunk ON chunk.sha256 = tensor_chunk.chunk
                WHERE tensor = ? AND part = ?
                """, [digest.bytes, part]
            ) { row in try row.withBlob(0) { bytes.append(contentsOf: $0) } }
            guard found != nil else {
                throw try archived(digest) ?? damaged(place, "chunk \(part) is missing")
            }
        }
        guard bytes.count == size, SHA256.hash(bytes) == digest else {
            throw damaged(place, "it does not fit its hash")
        }
        return bytes
    }

    /// Deletes a tensor, and its chunks, unless something refers to them, within a transaction.
    package func releaseTensor(_ digest: SHA256Digest) throws {
        let hash = digest.bytes
        let isUsed: Bool = try connection.value(
            """
            SELECT EXISTS (SELECT 1 FROM keyframe_tensor WHERE tensor = ?1)
                OR EXISTS (SELECT 1 FROM version_tensor WHERE tensor = ?1)
                OR EXISTS (SELECT 1 FROM dataset_column WHERE sha256 = ?1)
            """, [hash])
        if isUsed { return }
        try removeTombstone(of: digest)
        try deleteChunks(of: digest)
        try connection.execute("DELETE FROM tensor WHERE sha256 = ?", [hash])
    }

    /// Deletes the chunks of a tensor that no other one has, and leaves its row, within a transaction.
    package func deleteChunks(of digest: SHA256Digest) throws {
        let chunks = try connection.all(
            "SELECT DISTINCT chunk FROM tensor_chunk WHERE tensor = ?", [digest.bytes], as: [UInt8].self)
        try connection.execute("DELETE FROM tensor_chunk WHERE tensor = ?", [digest.bytes])
        for chunk in chunks {
            try connection.execute(
                "DELETE FROM chunk WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM tensor_chunk WHERE chunk = ?1)",
                [chunk])
        }
    }
}

/// A part of one of several tensors, which becomes a chunk.
package struct TensorPart {
    package let tensor: Int
    package let part: Int
    package let range: Range<Int>

    /// How many chunks hold a tensor of this size; none for a size that cannot be.
    package static func count(ofBytes bytes: Int) -> Int {
        max(0, bytes / Limit.chunk + (bytes % Limit.chunk > 0 ? 1 : 0))
    }

    /// The parts of tensors of these sizes, in groups that each fit one transaction; at least one group.
    package static func groups(ofSizes sizes: [Int]) -> [[TensorPart]] {
        var groups: [[TensorPart]] = [[]]
        var filled = 0
        for (tensor, size) in sizes.enumerated() {
            for part in 0..<count(ofBytes: size) {
                let range = part * Limit.chunk..<min(size, (part + 1) * Limit.chunk)
                if filled + range.count > Limit.transaction {
                    groups.append([])
                    filled = 0
                }
                groups[groups.count - 1].append(TensorPart(tensor: tensor, part: part, range: range))
                filled += range.count
            }
        }
        return groups
    }

    /// Writes this part of `tensors`.
    /// - Returns: how many bytes were new.
    package func write(_ tensors: [(digest: SHA256Digest, content: NewTensor)], to store: Store) throws -> Int {
        try tensors[tensor].content.withBytes { bytes in
            try store.addPart(part, of: tensors[tensor].digest, UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }
}
