import BPSQLite

// Stored bytes against their hashes.
extension Verifier {
    /// Every chunk matches the hash that names it.
    func checkChunks() throws {
        tally("chunk", 0)
        var last: Int64 = 0
        var isMore = true
        while isMore {
            isMore = false
            // One chunk at a time: a mebibyte takes a millisecond to hash.
            try store.connection.query(
                "SELECT rowid, sha256, data FROM chunk WHERE rowid > ? ORDER BY rowid LIMIT 1", [last]
            ) {
                row in
                let rowID: Int64 = try row.get(0)
                let name: [UInt8] = try row.get(1)
                let (hash, size) = try row.withBlob(2) { (SHA256.hash($0), $0.count) }
                tally("chunk")
                tally("chunk bytes", size)
                if hash.bytes != name { found("chunk", hexText(name.prefix(6)), "it does not fit its hash") }
                isMore = rowID > last
                last = rowID
            }
        }
    }

    /// Every tensor with all its chunks matches the hash that names it. A tensor that is still being written lacks
    /// some; if a complete row refers to it, the check of that row reports this.
    func checkTensors() throws {
        tally("tensor", 0)
        var last: [UInt8] = []
        while let (name, size) = try nextTensor(after: last) {
            guard last.lexicographicallyPrecedes(name) else {
                throw store.damaged("tensor", "its rows are out of order")
            }
            last = name
            tally("tensor")
            try checkTensor(name, size)
        }
    }

    private func nextTensor(after last: [UInt8]) throws -> (name: [UInt8], size: Int)? {
        try store.connection.first(
            "SELECT sha256, bytes FROM tensor WHERE sha256 > ? ORDER BY sha256 LIMIT 1", [last]
        ) { (try $0.get(0), try $0.get(1)) }
    }

    /// Reads one chunk at a time, so that a large tensor keeps no transaction open. A recorder may delete the tensor
    /// meanwhile, or write it again, which is no damage: there is a finding only if one transaction sees a whole tensor
    /// that is wrong.
    private func checkTensor(_ name: [UInt8], _ size: Int) throws {
        let row = hexText(name.prefix(6))
        let count = TensorPart.count(ofBytes: size)
        var hash = SHA256()
        for index in 0..<max(1, count) {
            let isGood = try store.connection.read {
                guard let parts = try partCount(of: name, size), parts >= count else { return false }
                guard parts == count else {
                    found("tensor", row, "it has \(parts) chunks")
                    return false
                }
                return try index >= count || feed(index, of: name, size, row, to: &hash)
            }
            guard isGood else { return }
        }
        guard hash.finish().bytes != name else { return }
        let isWhole = try store.connection.read { try partCount(of: name, size) == count }
        if isWhole { found("tensor", row, "it does not fit its hash") }
    }

    /// The number of chunks that a tensor has; nil if the tensor is gone.
    private func partCount(of name: [UInt8], _ size: Int) throws -> Int? {
        try store.connection.first(
            """
            SELECT (SELECT count(*) FROM tensor_chunk WHERE tensor = sha256) FROM tensor
            WHERE sha256 = ? AND bytes = ?
            """, [name, size], as: Int.self)
    }

    private func feed(
        _ index: Int, of name: [UInt8], _ size: Int, _ row: String, to hash: inout SHA256
    ) throws -> Bool {
        let chunk = try store.tensors.withChunk(index, of: name) { Array($0) }
        guard let chunk, chunk.count == min(Limit.chunk, size - index * Limit.chunk) else {
            found("tensor", row, "chunk \(index) is missing or short")
            return false
        }
        hash.update(chunk)
        return true
    }

    // MARK: Content that rows refer to

    /// The content of a version is stored.
    func checkTensors(of version: VersionRow, _ check: RowCheck) throws {
        for tensor in try store.versions.tensors(of: version) { try checkPresence(of: tensor.digest, check) }
    }

    /// The content of a keyframe is stored, unless it is still being written.
    func checkTensors(of keyframe: KeyframeRow, _ check: RowCheck) throws {
        guard keyframe.state == .complete else { return }
        for tensor in try store.keyframes.tensors(of: keyframe) { try checkPresence(of: tensor.digest, check) }
    }

    /// The content of a dataset is stored, unless it is still being written or was not kept.
    func checkColumns(of dataset: DatasetRow, _ check: RowCheck) throws {
        guard dataset.isComplete, dataset.isStored else { return }
        for column in try store.datasets.columns(of: dataset.hash) { try checkPresence(of: column.sha256, check) }
    }

    /// A complete row refers to a tensor, so all its chunks must be stored, unless they are in an archive.
    func checkPresence(of digest: SHA256Digest, _ check: RowCheck) throws {
        let size = try store.tensors.size(of: digest)
        let parts: Int = try store.connection.value(
            "SELECT count(*) FROM tensor_chunk WHERE tensor = ?", [digest.bytes])
        guard let size else { return check.found("tensor \(digest.short) is missing") }
        if parts != TensorPart.count(ofBytes: size), try store.archives.tombstone(of: digest) == nil {
            check.found("tensor \(digest.short) has \(parts) chunks")
        }
    }
}
