import BPStore

// Contents are written before the rows that refer to them. A process that is killed in between leaves tensors to which
// nothing refers; the next restoration uses them, or gc frees them.
extension Restoration {
    /// The missing contents of the rows that will be here.
    func needed(_ contents: TransferContents, _ store: Store) throws -> Set<SHA256Digest> {
        var needed = Set<SHA256Digest>()
        func add(_ tensors: [TransferContents.Tensor], isNew: Bool) throws {
            for tensor in tensors where try isNew || store.archives.tombstone(of: tensor.digest) != nil {
                if try !store.tensors.isWhole(tensor.digest) { needed.insert(tensor.digest) }
            }
        }
        for run in contents.runs {
            let row = try store.runs.find(uuid: run.uuid)
            let gain = try row.flatMap { try RunComparison(run, $0, self, store).gain() }
            for keyframe in gain?.keyframes ?? [] { try add(keyframe.tensors, isNew: true) }
            for keyframe in run.keyframes { try add(keyframe.tensors, isNew: row == nil) }
            for version in run.versions {
                try add(version.tensors, isNew: store.versions.find(uuid: version.uuid) == nil)
            }
        }
        for dataset in contents.datasets where dataset.row.isStored {
            if let row = try store.datasets.find(dataset.row.hash), row.isComplete, row.isStored { continue }
            for column in dataset.columns where try !store.tensors.isWhole(column.sha256) {
                needed.insert(column.sha256)
            }
        }
        return needed
    }

    /// Writes contents.
    /// - Throws: `RegistryError.unsound` for a content that does not match its hash; nothing of it is written.
    func stage(_ needed: Set<SHA256Digest>, _ store: Store) throws {
        var waiting = Waiting()
        for part in source.parts {
            guard case .content(let digest) = part.name, needed.contains(digest) else { continue }
            try checkHash(part, digest)
            try write(part, digest, &waiting, store)
        }
        try flush(&waiting, store)
    }

    private func checkHash(_ part: TransferPart, _ digest: SHA256Digest) throws {
        var hash = SHA256()
        var count = 0
        try read(part) { bytes in
            hash.update(bytes)
            count += bytes.count
        }
        guard count == part.count * part.type.width, hash.finish() == digest else { throw unsound(digest) }
    }

    private func unsound(_ digest: SHA256Digest) -> RegistryError {
        .unsound(place: "content \(digest.short)", what: "it does not fit its hash or its size")
    }

    /// Chunks that wait for the next transaction.
    private struct Waiting {
        var chunks: [(digest: SHA256Digest, part: Int, bytes: [UInt8])] = []
        var tensors: [(digest: SHA256Digest, bytes: Int)] = []
        var size = 0
    }

    private func write(
        _ part: TransferPart, _ digest: SHA256Digest, _ waiting: inout Waiting, _ store: Store
    ) throws {
        waiting.tensors.append((digest, part.count * part.type.width))
        var hash = SHA256()
        var chunk: [UInt8] = []
        var index = 0
        try read(part) { bytes in
            hash.update(bytes)
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                // The last chunk is written after the hash of the whole has been compared.
                if chunk.count == Limit.chunk {
                    waiting.chunks.append((digest, index, chunk))
                    waiting.size += chunk.count
                    index += 1
                    chunk = []
                    if waiting.size + Limit.chunk > Limit.transaction { try flush(&waiting, store) }
                }
                let piece = rest.prefix(Limit.chunk - chunk.count)
                chunk.append(contentsOf: piece)
                rest = rest.dropFirst(piece.count)
            }
        }
        guard hash.finish() == digest else { throw unsound(digest) }
        if !chunk.isEmpty {
            waiting.chunks.append((digest, index, chunk))
            waiting.size += chunk.count
        }
        report.tensors += 1
        if waiting.size > Limit.transaction - Limit.chunk { try flush(&waiting, store) }
    }

    private func flush(_ waiting: inout Waiting, _ store: Store) throws {
        guard !waiting.tensors.isEmpty || !waiting.chunks.isEmpty else { return }
        let batch = waiting
        waiting = Waiting()
        var returned = 0
        try store.write {
            for tensor in batch.tensors {
                try store.tensors.add(tensor.digest, bytes: tensor.bytes)
            }
            for chunk in batch.chunks {
                let wasArchived = try store.archives.tombstone(of: chunk.digest) != nil
                _ = try chunk.bytes.withUnsafeBytes { try store.tensors.addPart(chunk.part, of: chunk.digest, $0) }
                if wasArchived, try store.archives.tombstone(of: chunk.digest) == nil { returned += 1 }
            }
        }
        written += batch.tensors.map(\.digest)
        report.tensorsReturned += returned
    }

    /// After a failure, deletes the written contents to which nothing refers, and those to which only a tombstone
    /// refers. A tensor that another process is writing is kept. If that fails too, gc finds the rest.
    func removeWritten(_ store: Store) {
        var rest = written[...]
        while !rest.isEmpty {
            let group = rest.prefix(64)
            rest = rest.dropFirst(group.count)
            do {
                try store.write {
                    for digest in group {
                        if try store.archives.tombstone(of: digest) != nil, try !store.tensors.isWaitedFor(digest) {
                            try store.tensors.deleteChunks(of: digest)
                        }
                        try store.tensors.release(digest)
                    }
                }
            } catch { return }
        }
    }
}
