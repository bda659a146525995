import BPSQLite

/// The spec of runs, as canonical JSON.
package struct SpecRow: Sendable, Equatable {
    package var hash: SHA256Digest
    package var json: String
}

extension SpecRow: SealedRow {
    package static let table = SealedTable(
        "spec", key: ["hash"],
        [
            "json"
        ])

    package init(_ columns: inout ColumnReader) throws {
        hash = try columns.next()
        json = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(hash)
        columns.add(json)
    }
}

/// The reads and writes of table `spec`.
package struct SpecTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(_ hash: SHA256Digest) throws -> SpecRow? { try store.find([hash.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(_ hash: SHA256Digest) throws -> SpecRow { try store.need([hash.stored]) }

    /// Inserts a spec unless it is already here, and updates the count, within a transaction.
    package func add(_ json: String) throws -> SHA256Digest {
        let hash = SHA256.hash(json)
        if try find(hash) == nil {
            try store.insert(SpecRow(hash: hash, json: json))
            try store.registry.update { $0.specs += 1 }
        }
        return hash
    }

    /// The specs that no run uses, by hash.
    /// - Parameter ignoringDeletions: whether those that only deleted runs need are unused too.
    package func unused(ignoringDeletions: Bool = false) throws -> [SpecRow] {
        try store.rows(
            """
            WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.spec = spec.hash)
                AND (? OR NOT EXISTS (SELECT 1 FROM deleted_run AS d WHERE d.spec = spec.hash)) ORDER BY hash
            """, [ignoringDeletions])
    }

    /// Deletes a spec, and updates the count.
    package func delete(_ spec: SpecRow) throws {
        try store.delete(spec)
        try store.registry.update { $0.specs -= 1 }
    }
}

extension Store {
    package var specs: SpecTable { SpecTable(store: self) }
}
