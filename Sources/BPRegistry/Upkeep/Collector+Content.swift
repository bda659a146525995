import BPStore
import BPSQLite

// Content to which nothing refers. Whoever refers to content makes sure, within the same transaction, that it is there:
// so what is unreferenced in a transaction may go in it, whatever others do.
extension Collector {
    /// Frees tensors that nothing names, chunk by chunk, and chunks of no tensor.
    mutating func freeContent() throws(RegistryError) {
        while true {
            let batch = try registry.reading { store in
                try store.connection.all(
                    """
                    SELECT sha256 FROM tensor WHERE \(Store.isUnreferenced("tensor.sha256")) LIMIT \(Most.tensors)
                    """, as: [UInt8].self)
            }
            if batch.isEmpty { break }
            var rest = batch[...]
            while !rest.isEmpty {
                let freed = try registry.writing { try $0.freeTensors(rest) }
                report.add("tensors", freed.tensors)
                report.add("chunks", freed.chunks, bytes: freed.bytes)
                rest = rest.dropFirst(freed.done)
            }
        }
        while true {
            let freed = try registry.writing { store in
                var freed = FreedContent()
                let orphans = try store.connection.all(
                    Store.orphanChunks + " LIMIT \(Most.chunks)", as: [UInt8].self)
                for chunk in orphans { try store.free(chunk: chunk, &freed) }
                return freed
            }
            report.add("chunks", freed.chunks, bytes: freed.bytes)
            if freed.chunks == 0 { break }
        }
    }
}

/// What one transaction has freed.
private struct FreedContent {
    var tensors = 0
    var chunks = 0
    var bytes = 0
    /// How many of the tensors given need not be looked at again.
    var done = 0

    var isFull: Bool { bytes >= Collector.Most.bytes || chunks >= Collector.Most.chunks }
}

extension Store {
    /// Frees tensors from the first on, each from its last chunk on, as many as one transaction may. One that is left
    /// half is a tensor that is not all there, as while it was written; whoever stores it again fills it up.
    fileprivate func freeTensors(_ tensors: ArraySlice<[UInt8]>) throws -> FreedContent {
        var freed = FreedContent()
        for tensor in tensors {
            let isFree: Bool = try connection.value("SELECT \(Store.isUnreferenced("?1"))", [tensor])
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
                if let digest = SHA256Digest(bytes: tensor) { try removeTombstone(of: digest) }
                try connection.execute("DELETE FROM tensor WHERE sha256 = ?", [tensor])
                freed.tensors += connection.changes
            }
            freed.done += 1
        }
        return freed
    }

    fileprivate func free(chunk hash: [UInt8], _ freed: inout FreedContent) throws {
        let size = try connection.first("SELECT length(data) FROM chunk WHERE sha256 = ?", [hash], as: Int.self)
        try connection.execute("DELETE FROM chunk WHERE sha256 = ?", [hash])
        freed.chunks += connection.changes
        freed.bytes += size ?? 0
    }
}
