import BPSQLite

/// A measure of a split.
package struct EvaluationRow: Sendable, Equatable {
    package var id: Int
    package var run: Int
    package var segment: Int
    package var iteration: Int
    /// The key of the version that was measured.
    package var version: Int?
    package var split: String
    package var loss: Float
    /// JSON.
    package var scoresJSON: String
    package var created: Int64

    package init(
        id: Int, run: Int, segment: Int, iteration: Int, version: Int? = nil, split: String, loss: Float,
        scoresJSON: String, created: Int64
    ) {
        self.id = id
        self.run = run
        self.segment = segment
        self.iteration = iteration
        self.version = version
        self.split = split
        self.loss = loss
        self.scoresJSON = scoresJSON
        self.created = created
    }
}

extension EvaluationRow: SealedRow {
    package static let table = SealedTable(
        "evaluation", key: ["id"],
        [
            "run", "segment", "iteration", "version", "split", "loss", "loss_bits", "scores", "created",
        ])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        run = try columns.next()
        segment = try columns.next()
        iteration = try columns.next()
        version = try columns.next()
        split = try columns.next()
        loss = try columns.float()
        scoresJSON = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(run)
        columns.add(segment)
        columns.add(iteration)
        columns.add(version)
        columns.add(split)
        columns.add(float: loss)
        columns.add(scoresJSON)
        columns.add(created)
    }
}

/// The reads and writes of table `evaluation`.
package struct EvaluationTable {
    let store: Store

    /// The evaluations of a run and its versions, in the order in which they were recorded.
    package func all(ofRun run: Int) throws -> [EvaluationRow] { try store.rows("WHERE run = ? ORDER BY id", [run]) }

    /// The row of this key; nil if there is none.
    package func find(_ id: Int) throws -> EvaluationRow? { try store.find([id.stored]) }

    /// The key of the next evaluation.
    package func nextID() throws -> Int {
        try store.connection.value(
            """
            SELECT max((SELECT coalesce(max(id), 0) FROM evaluation),
                (SELECT coalesce(max(last_evaluation), 0) FROM deletion)) + 1
            """)
    }
}

extension Store {
    package var evaluations: EvaluationTable { EvaluationTable(store: self) }
}
