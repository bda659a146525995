package import BPJSON
import BPSQLite

/// Everything that is kept of one deletion: rows that were moved out of their tables.
///
/// The series of a run (segments, losses, epochs) stay in their tables: a run may have hundreds of megabytes of them,
/// and its number is not given again. They are moved only if something else needs their place.
package struct DeletedContent {
    let store: Store
    package private(set) var deletion: DeletionRow
    /// Rows that were moved, and are not inserted yet, by table.
    private var waiting: [String: (rows: [UInt8], count: Int)] = [:]
    private var tensors: Set<SHA256Digest> = []

    /// The approximate number of bytes of rows in one piece.
    private static let pieceLength = 1 << 20

    /// A new deletion, inserted without content. The next event must be its first.
    package init(of subject: Subject, at now: Int64, until: Int64, in store: Store) throws {
        self.store = store
        deletion = DeletionRow(
            id: try store.registry.need().events + 1, subject: subject, detailJSON: "{}", created: now, until: until)
        try store.deletions.insert(deletion)
    }

    /// The content of a deletion that is kept.
    package init(_ deletion: DeletionRow, in store: Store) { (self.store, self.deletion) = (store, deletion) }

    /// Inserts the rows that wait, and updates the deletion's row.
    /// - Parameter detail: what was deleted; nil if that does not change.
    package mutating func finish(_ detail: JSONValue?) throws {
        for table in SealedTable.sealed { try flush(table) }
        if let detail { deletion.detailJSON = detail.serialized }
        try store.update(deletion)
    }

    // MARK: Out of the tables

    /// Moves a run with everything that belongs to it, except its versions, and its series, which stay in place.
    package mutating func keep(_ run: RunRow) throws {
        // A keyframe that was never completed is of no use: its process is gone.
        for keyframe in try store.keyframes.pending(ofRun: run.id) { try store.keyframes.delete(keyframe) }
        let ofRun = "keyframe IN (SELECT id FROM keyframe WHERE run = ?)"
        try keepTensors(of: .keyframeTensor, ofRun, [run.id])
        try move(.keyframeTensor, ofRun, [run.id])
        let last: Int = try store.connection.value(
            "SELECT coalesce(max(id), 0) FROM evaluation WHERE run = ?", [run.id])
        deletion.lastEvaluation = max(deletion.lastEvaluation, last)
        for table in [SealedTable.keyframe, .evaluation, .pin, .metric, .setting, .attempt] {
            try move(table, "run = ?", [run.id])
        }
        try store.insert(
            DeletedRunRow(
                deletion: deletion.id, run: run.id, uuid: run.uuid, spec: run.spec, dataset: run.dataset,
                segments: run.segments))
        deletion.runs += 1
        try move(.run, "id = ?", [run.id])
    }

    /// Moves a version. Nothing refers to it any more.
    package mutating func keep(_ version: VersionRow) throws {
        try keepTensors(of: .versionTensor, "version = ?", [version.id])
        try move(.versionTensor, "version = ?", [version.id])
        try move(.version, "id = ?", [version.id])
        deletion.lastVersion = max(deletion.lastVersion, version.id)
    }

    /// Moves an alias.
    package mutating func keep(_ alias: AliasRow) throws {
        try move(.alias, "model = ? AND name = ?", [alias.model, alias.name])
    }

    /// Moves a model, to which nothing refers any more.
    package mutating func keep(_ model: ModelRow) throws { try move(.model, "id = ?", [model.id]) }

    /// Moves the tags and notes of a run or a version, and updates the counts.
    package mutating func keepAnnotations(of subject: Subject) throws {
        let tags = try move(.tag, "subject = ?", [subject.text])
        let notes = try move(.note, "subject = ?", [subject.text])
        guard tags + notes > 0 else { return }
        try store.registry.update { registry in
            registry.tags -= tags
            registry.notes -= notes
        }
    }

    /// Moves the series of a deleted run too, so that another run can have its place.
    mutating func moveSeries(of run: DeletedRunRow) throws {
        for table in [SealedTable.block, .epoch, .segment] { try move(table, "run = ?", [run.run]) }
        var run = run
        run.segments = 0
        try store.update(run)
        try finish(nil)
    }

    /// - Returns: the number of rows.
    @discardableResult
    private mutating func move(
        _ table: SealedTable, _ condition: String, _ bindings: [any SQLiteBindable]
    ) throws -> Int {
        var moved = 0
        let (width, order) = (table.columns.count + 1, table.key.joined(separator: ", "))
        try store.connection.query("\(table.selectSQL) WHERE \(condition) ORDER BY \(order)", bindings) { row in
            for column in 0..<width {
                RowCoder.append(try row.get(column), to: &waiting[table.name, default: ([], 0)].rows)
            }
            waiting[table.name]?.count += 1
            moved += 1
            if waiting[table.name]?.rows.count ?? 0 >= DeletedContent.pieceLength { try flush(table) }
        }
        if moved > 0 { try store.connection.execute("DELETE FROM \(table.name) WHERE \(condition)", bindings) }
        return moved
    }

    private mutating func flush(_ table: SealedTable) throws {
        guard let (rows, count) = waiting.removeValue(forKey: table.name), count > 0 else { return }
        deletion.pieces += 1
        try store.insert(
            DeletedPieceRow(
                deletion: deletion.id, piece: deletion.pieces, source: table.name,
                columns: (table.columns + ["seal"]).joined(separator: ","), count: count, rows: rows))
    }

    /// Records the tensors that rows name, so that they stay.
    private mutating func keepTensors(
        of table: SealedTable, _ condition: String, _ bindings: [any SQLiteBindable]
    ) throws {
        let digests = try store.connection.all(
            "SELECT DISTINCT tensor FROM \(table.name) WHERE \(condition)", bindings, as: [UInt8].self)
        for digest in digests.compactMap({ SHA256Digest(bytes: $0) }) where tensors.insert(digest).inserted {
            try store.insert(DeletedTensorRow(deletion: deletion.id, tensor: digest))
            deletion.tensors += 1
        }
    }
}
