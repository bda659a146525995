import BPSQLite

/// A deletion that can be undone.
package struct DeletionRow: Sendable, Equatable {
    /// The number of the first event that it recorded.
    package var id: Int
    package var subject: Subject
    /// JSON: everything that was deleted, and what was changed with it.
    package var detailJSON: String
    /// The highest key of a deleted version, and of a deleted evaluation, so that none is given again.
    package var lastVersion = 0
    package var lastEvaluation = 0
    package var runs = 0
    package var pieces = 0
    package var tensors = 0
    /// Its time, in microseconds since 1970.
    package var created: Int64
    /// The time from which it cannot be undone any more.
    package var until: Int64

    package init(id: Int, subject: Subject, detailJSON: String, created: Int64, until: Int64) {
        (self.id, self.subject, self.detailJSON) = (id, subject, detailJSON)
        (self.created, self.until) = (created, until)
    }
}

extension DeletionRow: SealedRow {
    package static let table = SealedTable(
        "deletion", key: ["id"],
        [
            "subject", "detail", "last_version", "last_evaluation", "runs", "pieces", "tensors", "created", "until",
        ],
        counts: [
            SealedTable.Count(column: "runs", table: "deleted_run", condition: "child.deletion = parent.id"),
            SealedTable.Count(column: "pieces", table: "deleted_piece", condition: "child.deletion = parent.id"),
            SealedTable.Count(column: "tensors", table: "deleted_tensor", condition: "child.deletion = parent.id"),
        ])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        subject = try columns.next()
        detailJSON = try columns.next()
        lastVersion = try columns.next()
        lastEvaluation = try columns.next()
        runs = try columns.next()
        pieces = try columns.next()
        tensors = try columns.next()
        created = try columns.next()
        until = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(subject)
        columns.add(detailJSON)
        columns.add(lastVersion)
        columns.add(lastEvaluation)
        columns.add(runs)
        columns.add(pieces)
        columns.add(tensors)
        columns.add(created)
        columns.add(until)
    }
}

/// The reads and writes of table `deletion`, and of the tables of what is kept of a deletion.
package struct DeletionTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(_ id: Int) throws -> DeletionRow? { try store.find([id.stored]) }

    /// All deletions that are kept, the oldest first.
    package func all() throws -> [DeletionRow] { try store.rows("ORDER BY id") }

    /// The last deletion of a subject that is kept; nil if there is none.
    package func last(of subject: Subject) throws -> DeletionRow? {
        try store.first("WHERE subject = ? ORDER BY id DESC", [subject.text])
    }

    /// The deleted run whose segments are still in their table; nil if there is none of this number.
    package func runInPlace(_ run: Int) throws -> DeletedRunRow? {
        try store.first("WHERE run = ? AND segments > 0", [run])
    }

    /// The numbers of all runs that are kept.
    package func runs() throws -> Set<Int> {
        Set(try store.connection.all("SELECT run FROM deleted_run", as: Int.self))
    }

    /// Whether a deletion names a tensor.
    package func names(_ tensor: SHA256Digest) throws -> Bool {
        try store.connection.value("SELECT EXISTS (SELECT 1 FROM deleted_tensor WHERE tensor = ?)", [tensor.bytes])
    }

    /// Bytes of the rows that are kept of a deletion outside their tables.
    package func bytes(of id: Int) throws -> Int {
        try store.connection.value(
            "SELECT coalesce(sum(length(rows)), 0) FROM deleted_piece WHERE deletion = ?", [id])
    }

    /// Inserts a deletion of which nothing is kept yet, and updates the count.
    package func insert(_ deletion: DeletionRow) throws {
        try store.insert(deletion)
        try store.registry.update { $0.deletions = ($0.deletions ?? 0) + 1 }
    }

    /// Deletes what is kept of a deletion, and updates the count. Series that were left in their tables stay there, and
    /// belong to no run then.
    package func drop(_ deletion: DeletionRow) throws {
        for table in ["deleted_piece", "deleted_tensor", "deleted_run"] {
            try store.connection.execute("DELETE FROM \(table) WHERE deletion = ?", [deletion.id])
        }
        try store.delete(deletion)
        try store.registry.update { $0.deletions = ($0.deletions ?? 0) - 1 }
    }
}

extension Store {
    package var deletions: DeletionTable { DeletionTable(store: self) }
}
