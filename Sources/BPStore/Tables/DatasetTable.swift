import BPSQLite

/// A table on which runs were trained.
package struct DatasetRow: Sendable, Equatable {
    package var hash: SHA256Digest
    package var name: String
    package var sourcePath: String
    package var rows: Int
    package var columnCount: Int
    package var bytes: Int
    /// Whether its content is kept.
    package var isStored: Bool
    /// Whether all of its content is written.
    package var isComplete: Bool
    package var created: Int64

    package init(
        hash: SHA256Digest, name: String, sourcePath: String, rows: Int, columnCount: Int, bytes: Int, isStored: Bool,
        isComplete: Bool, created: Int64
    ) {
        self.hash = hash
        self.name = name
        self.sourcePath = sourcePath
        self.rows = rows
        self.columnCount = columnCount
        self.bytes = bytes
        self.isStored = isStored
        self.isComplete = isComplete
        self.created = created
    }
}

extension DatasetRow: SealedRow {
    package static let table = SealedTable(
        "dataset", key: ["hash"],
        [
            "name", "source_path", "rows", "columns", "bytes", "stored", "complete", "created",
        ],
        counts: [
            SealedTable.Count(column: "columns", table: "dataset_column", condition: "child.dataset = parent.hash")
        ])

    package init(_ columns: inout ColumnReader) throws {
        hash = try columns.next()
        name = try columns.next()
        sourcePath = try columns.next()
        rows = try columns.next()
        columnCount = try columns.next()
        bytes = try columns.next()
        isStored = try columns.next()
        isComplete = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(hash)
        columns.add(name)
        columns.add(sourcePath)
        columns.add(rows)
        columns.add(columnCount)
        columns.add(bytes)
        columns.add(isStored)
        columns.add(isComplete)
        columns.add(created)
    }
}

/// A column of a dataset.
package struct DatasetColumnRow: Sendable, Equatable {
    package var dataset: SHA256Digest
    package var position: Int
    package var name: String
    package var type: StoredColumnType
    /// The hash of its canonical bytes, and of its tensor.
    package var sha256: SHA256Digest
    package var bytes: Int

    package init(
        dataset: SHA256Digest, position: Int, name: String, type: StoredColumnType, sha256: SHA256Digest, bytes: Int
    ) {
        self.dataset = dataset
        self.position = position
        self.name = name
        self.type = type
        self.sha256 = sha256
        self.bytes = bytes
    }
}

extension DatasetColumnRow: SealedRow {
    package static let table = SealedTable(
        "dataset_column", key: ["dataset", "position"],
        [
            "name", "type", "sha256", "bytes",
        ])

    package init(_ columns: inout ColumnReader) throws {
        dataset = try columns.next()
        position = try columns.next()
        name = try columns.next()
        type = try columns.next()
        sha256 = try columns.next()
        bytes = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(dataset)
        columns.add(position)
        columns.add(name)
        columns.add(type)
        columns.add(sha256)
        columns.add(bytes)
    }
}

/// The reads and writes of table `dataset`.
package struct DatasetTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(_ hash: SHA256Digest) throws -> DatasetRow? { try store.find([hash.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(_ hash: SHA256Digest) throws -> DatasetRow { try store.need([hash.stored]) }

    /// The complete datasets, the one stored last first: ordered by events, because a clock may be set back.
    package func complete() throws -> [DatasetRow] {
        try store.rows(
            """
            WHERE complete = 1
            ORDER BY (SELECT min(id) FROM event WHERE subject = 'dataset:' || lower(hex(hash))) DESC, hash
            """)
    }

    /// The columns of a dataset, in order.
    package func columns(of hash: SHA256Digest) throws -> [DatasetColumnRow] {
        try store.rows("WHERE dataset = ? ORDER BY position", [hash.bytes])
    }

    /// The datasets of no run that were created before a time, by hash.
    /// - Parameter ignoringDeletions: whether those that only deleted runs need are unused too.
    package func unused(createdBefore time: Int64, ignoringDeletions: Bool = false) throws -> [DatasetRow] {
        try store.rows(
            """
            WHERE created < ? AND NOT EXISTS (SELECT 1 FROM run WHERE run.dataset = dataset.hash)
                AND (? OR NOT EXISTS (SELECT 1 FROM deleted_run AS d WHERE d.dataset = dataset.hash)) ORDER BY hash
            """, [time, ignoringDeletions])
    }

    /// Deletes a dataset with its columns, and updates the count; its content stays until nothing refers to it.
    package func delete(_ dataset: DatasetRow) throws {
        try store.connection.execute("DELETE FROM dataset_column WHERE dataset = ?", [dataset.hash.bytes])
        try store.delete(dataset)
        try store.registry.update { $0.datasets -= 1 }
    }

    /// Whether a column has this hash.
    package func hasColumn(_ digest: SHA256Digest) throws -> Bool {
        try store.connection.value("SELECT EXISTS (SELECT 1 FROM dataset_column WHERE sha256 = ?)", [digest.bytes])
    }
}

extension Store {
    package var datasets: DatasetTable { DatasetTable(store: self) }
}
