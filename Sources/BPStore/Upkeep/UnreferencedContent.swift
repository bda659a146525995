import BPSQLite

/// Content to which nothing refers. A transaction that refers to content makes sure that the content is stored. So
/// content that is unreferenced in a transaction may be deleted in it, whatever other processes do.
package struct UnreferencedContent {
    let store: Store

    /// The maximum that one transaction frees, so that no other process waits long.
    enum Most {
        static let tensors = 256
        static let chunks = 256
        static let bytes = 7 << 20
    }

    /// SQL: whether nothing refers to the tensor that `hash` names.
    static func isUnreferenced(_ hash: String) -> String {
        isUnreferencedIgnoringDeletions(hash)
            + " AND NOT EXISTS (SELECT 1 FROM deleted_tensor AS x WHERE x.tensor = \(hash))"
    }

    /// SQL: whether nothing refers to the tensor that `hash` names, except deletions that can be undone.
    static func isUnreferencedIgnoringDeletions(_ hash: String) -> String {
        """
        NOT EXISTS (SELECT 1 FROM keyframe_tensor AS k WHERE k.tensor = \(hash))
            AND NOT EXISTS (SELECT 1 FROM version_tensor AS v WHERE v.tensor = \(hash))
            AND NOT EXISTS (SELECT 1 FROM dataset_column AS d WHERE d.sha256 = \(hash))
        """
    }

    /// SQL: the chunks that belong to no tensor.
    static let orphanChunks =
        "SELECT sha256 FROM chunk WHERE NOT EXISTS (SELECT 1 FROM tensor_chunk AS t WHERE t.chunk = chunk.sha256)"

    /// Some tensors to which nothing refers; none if there are none.
    package func tensors() throws -> [[UInt8]] {
        try store.connection.all(
            """
            SELECT sha256 FROM tensor WHERE \(UnreferencedContent.isUnreferenced("tensor.sha256")) LIMIT \(Most.tensors)
            """)
    }

    /// Frees tensors from the first on, each from its last chunk on, as many as one transaction may. A tensor that is
    /// freed in part is incomplete, as it was while it was written; storing it again completes it.
    package func free(_ tensors: ArraySlice<[UInt8]>) throws -> FreedContent {
        let connection = store.connection
        var freed = FreedContent()
        for tensor in tensors {
            let isFree: Bool = try connection.value("SELECT \(UnreferencedContent.isUnreferenced("?1"))", [tensor])
            while isFree, !freed.isFull {
                let part = try connection.first(
                    "SELECT part, chunk FROM tensor_chunk WHERE tensor = ? ORDER BY part DESC LIMIT 1", [tensor]
                ) { (number: try $0.get(0, as: Int.self), chunk: try $0.get(1, as: [UInt8].self)) }
                guard let part else { break }
                try connection.execute(
                    "DELETE FROM tensor_chunk WHERE tensor = ? AND part = ?", [tensor, part.number])
                let isShared: Bool = try connection.value(
                    "SELECT EXISTS (SELECT 1 FROM tensor_chunk WHERE chunk = ?)", [part.chunk])
                if !isShared { try free(chunk: part.chunk, &freed) }
            }
            let isEmpty: Bool = try connection.value(
                "SELECT NOT EXISTS (SELECT 1 FROM tensor_chunk WHERE tensor = ?)", [tensor])
            if isFree {
                guard isEmpty else { break }
                if let digest = SHA256Digest(bytes: tensor) { try store.archives.removeTombstone(of: digest) }
                try connection.execute("DELETE FROM tensor WHERE sha256 = ?", [tensor])
                freed.tensors += connection.changes
            }
            freed.done += 1
        }
        return freed
    }

    /// Frees chunks that belong to no tensor, as many as one transaction may.
    package func freeOrphanChunks() throws -> FreedContent {
        var freed = FreedContent()
        let orphans = try store.connection.all(
            UnreferencedContent.orphanChunks + " LIMIT \(Most.chunks)", as: [UInt8].self)
        for chunk in orphans { try free(chunk: chunk, &freed) }
        return freed
    }

    private func free(chunk hash: [UInt8], _ freed: inout FreedContent) throws {
        let size = try store.connection.first("SELECT length(data) FROM chunk WHERE sha256 = ?", [hash], as: Int.self)
        try store.connection.execute("DELETE FROM chunk WHERE sha256 = ?", [hash])
        freed.chunks += store.connection.changes
        freed.bytes += size ?? 0
    }
}

/// The content that one transaction has freed, or would free.
package struct FreedContent {
    package internal(set) var tensors = 0
    package internal(set) var chunks = 0
    package internal(set) var bytes = 0
    /// The number of the given tensors that are completely freed.
    package internal(set) var done = 0

    var isFull: Bool { bytes >= UnreferencedContent.Most.bytes || chunks >= UnreferencedContent.Most.chunks }
}

extension Store {
    package var unreferenced: UnreferencedContent { UnreferencedContent(store: self) }
}
