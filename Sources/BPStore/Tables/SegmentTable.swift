import BPSQLite

/// A stretch of a run between two rollbacks.
public struct SegmentRecord: Sendable, Equatable {
    /// The run.
    public package(set) var run: Int
    /// Its number in the run, from 1.
    public let number: Int
    /// The run of its parent segment; nil for the first segment of a run that is not a fork.
    public package(set) var parentRun: Int?
    /// The number of its parent segment.
    public let parentSegment: Int?
    /// Its first iteration; iteration numbers continue from the parent.
    public let firstIteration: Int
    /// The epoch of its first iteration.
    public let firstEpoch: Int
    /// The iteration after which the epoch of its first iteration began.
    public let epochStart: Int
    /// The number of iterations of an epoch.
    public let iterationsPerEpoch: Int
    /// The iteration from which the optimizer counts its steps: step t − origin is taken at iteration t.
    public let stepOrigin: Int
    /// The number of iterations that were recorded in it.
    public package(set) var iterations: Int
    /// The number of these iterations that are still stored: `gc` frees superseded ones.
    public package(set) var keptIterations: Int
    /// The number of epochs that ended in it.
    public package(set) var epochs: Int
    /// The number of these epochs that are still stored.
    public package(set) var keptEpochs: Int
    /// The number of its complete keyframes.
    public package(set) var keyframes: Int
    /// The hash chain before its first block: H₀.
    public let chainStart: SHA256Digest
    /// The hash chain after its last block.
    public package(set) var chainEnd: SHA256Digest
    /// Its creation time, in microseconds since 1970.
    package let created: Int64
}

extension SegmentRecord: SealedRow {
    package static let table = SealedTable(
        "segment", key: ["run", "number"],
        [
            "parent_run", "parent_segment", "first_iteration", "first_epoch", "epoch_start", "iterations_per_epoch",
            "step_origin", "iterations", "kept_iterations", "epochs", "kept_epochs", "keyframes", "chain_start",
            "chain_end", "created",
        ],
        counts: [
            SealedTable.Count(
                column: "kept_epochs", table: "epoch",
                condition: "child.run = parent.run AND child.segment = parent.number"),
            SealedTable.Count(
                column: "keyframes", table: "keyframe",
                condition: "child.run = parent.run AND child.segment = parent.number AND child.state = 'complete'"),
        ])

    package init(_ columns: inout ColumnReader) throws {
        run = try columns.next()
        number = try columns.next()
        parentRun = try columns.next()
        parentSegment = try columns.next()
        firstIteration = try columns.next()
        firstEpoch = try columns.next()
        epochStart = try columns.next()
        iterationsPerEpoch = try columns.next()
        stepOrigin = try columns.next()
        iterations = try columns.next()
        keptIterations = try columns.next()
        epochs = try columns.next()
        keptEpochs = try columns.next()
        keyframes = try columns.next()
        chainStart = try columns.next()
        chainEnd = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(run)
        columns.add(number)
        columns.add(parentRun)
        columns.add(parentSegment)
        columns.add(firstIteration)
        columns.add(firstEpoch)
        columns.add(epochStart)
        columns.add(iterationsPerEpoch)
        columns.add(stepOrigin)
        columns.add(iterations)
        columns.add(keptIterations)
        columns.add(epochs)
        columns.add(keptEpochs)
        columns.add(keyframes)
        columns.add(chainStart)
        columns.add(chainEnd)
        columns.add(created)
    }
}

extension SegmentRecord {
    /// A segment without records.
    package init(
        run: Int, number: Int, parent: (run: Int, number: Int)?, firstIteration: Int, firstEpoch: Int, epochStart: Int,
        iterationsPerEpoch: Int, stepOrigin: Int, chain: SHA256Digest, created: Int64
    ) {
        self.init(
            run: run, number: number, parentRun: parent?.run, parentSegment: parent?.number,
            firstIteration: firstIteration, firstEpoch: firstEpoch, epochStart: epochStart,
            iterationsPerEpoch: iterationsPerEpoch, stepOrigin: stepOrigin, iterations: 0, keptIterations: 0,
            epochs: 0, keptEpochs: 0, keyframes: 0, chainStart: chain, chainEnd: chain, created: created)
    }

    /// Its parent segment; nil for the first segment of a run that is not a fork.
    package var parent: (run: Int, number: Int)? {
        get throws {
            guard let parentRun else { return nil }
            guard let parentSegment else { throw TableRow(self).bad("parent_segment") }
            return (parentRun, parentSegment)
        }
    }
}

/// The reads and writes of table `segment`.
package struct SegmentTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(run: Int, number: Int) throws -> SegmentRecord? { try store.find([run.stored, number.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(run: Int, number: Int) throws -> SegmentRecord { try store.need([run.stored, number.stored]) }

    /// The segments of a run, in order.
    package func all(ofRun run: Int) throws -> [SegmentRecord] {
        try store.rows("WHERE run = ? ORDER BY number", [run])
    }

    /// Adjusts the count of a segment's complete keyframes, within a transaction.
    package func addKeyframes(_ change: Int, run: Int, number: Int) throws {
        var row = try need(run: run, number: number)
        row.keyframes += change
        try store.update(row)
    }

    /// All segments.
    package func all() throws -> [SegmentRecord] { try store.rows() }
}

extension Store {
    package var segments: SegmentTable { SegmentTable(store: self) }
}
