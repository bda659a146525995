/// A deleted run of a deletion that can be undone.
package struct DeletedRunRow: Sendable, Equatable {
    package var deletion: Int
    package var run: Int
    package var uuid: UUIDv7
    package var spec: SHA256Digest
    package var dataset: SHA256Digest
    /// The number of its segments that are still in their table; 0 if they were moved to pieces.
    package var segments: Int
}

extension DeletedRunRow: SealedRow {
    package static let table = SealedTable(
        "deleted_run", key: ["deletion", "run"], ["uuid", "spec", "dataset", "segments"],
        counts: [
            SealedTable.Count(
                column: "segments", table: "segment", condition: "child.run = parent.run AND parent.segments > 0")
        ])

    package init(_ columns: inout ColumnReader) throws {
        deletion = try columns.next()
        run = try columns.next()
        uuid = try columns.next()
        spec = try columns.next()
        dataset = try columns.next()
        segments = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(deletion)
        columns.add(run)
        columns.add(uuid)
        columns.add(spec)
        columns.add(dataset)
        columns.add(segments)
    }
}

/// Rows of one table that a deletion keeps, as they were, with their seals.
struct DeletedPieceRow: Sendable, Equatable {
    var deletion: Int
    /// Its number in the deletion, from 1.
    var piece: Int
    /// The table.
    var source: String
    /// The names of its columns, separated by commas; `seal` is the last.
    var columns: String
    var count: Int
    /// As `RowCoder` writes them.
    var rows: [UInt8]
}

extension DeletedPieceRow: SealedRow {
    static let table = SealedTable(
        "deleted_piece", key: ["deletion", "piece"], ["source", "columns", "count", "rows"])

    init(_ columns: inout ColumnReader) throws {
        deletion = try columns.next()
        piece = try columns.next()
        source = try columns.next()
        self.columns = try columns.next()
        count = try columns.next()
        rows = try columns.next()
    }

    func write(to columns: inout ColumnWriter) {
        columns.add(deletion)
        columns.add(piece)
        columns.add(source)
        columns.add(self.columns)
        columns.add(count)
        columns.add(rows)
    }
}

/// A tensor that the rows of a deletion name.
struct DeletedTensorRow: Sendable, Equatable {
    var deletion: Int
    var tensor: SHA256Digest
}

extension DeletedTensorRow: SealedRow {
    static let table = SealedTable("deleted_tensor", key: ["deletion", "tensor"], [])

    init(_ columns: inout ColumnReader) throws {
        deletion = try columns.next()
        tensor = try columns.next()
    }

    func write(to columns: inout ColumnWriter) {
        columns.add(deletion)
        columns.add(tensor)
    }
}
