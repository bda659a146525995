import BPSQLite

/// A run. The columns from `iterations` to `seconds`, and `metrics`, summarize the line that ends in its head; each
/// commit updates them.
package struct RunRow: Sendable, Equatable {
    package var id: Int
    package var uuid: UUIDv7
    package var model: Int
    package var spec: SHA256Digest
    package var dataset: SHA256Digest
    package var parentRun: Int?
    package var parentSegment: Int?
    package var parentIteration: Int?
    package var iterationsPerEpoch: Int
    package var hasValidation: Bool
    package var scoreName: String?
    /// The segment that is current.
    package var headSegment: Int
    /// Raised by each process that takes the run over.
    package var fence: Int
    package var segments: Int
    package var attempts: Int
    package var settings: Int
    package var versions: Int
    package var evaluations: Int
    package var iterations: Int
    package var epochs: Int
    /// The loss of the last iteration.
    package var lastLoss: Float?
    /// The loss of the last epoch.
    package var epochLoss: Float?
    package var validationLoss: Float?
    package var validationScore: Float?
    package var bestEpoch: Int?
    package var bestIteration: Int?
    package var bestValidationLoss: Float?
    package var seconds: Double
    /// Its end; nil if it has none.
    package var status: RunStatus?
    package var reason: String?
    package var created: Int64
    package var updated: Int64
    package var ended: Int64?
    /// The number of its metrics; nil in a registry of an older schema until they are computed.
    package var metrics: Int?
    /// How its data were read, as JSON; nil if an older bpreg recorded it.
    package var readingJSON: String?

    package init(
        id: Int, uuid: UUIDv7, model: Int, spec: SHA256Digest, dataset: SHA256Digest, parentRun: Int? = nil,
        parentSegment: Int? = nil, parentIteration: Int? = nil, iterationsPerEpoch: Int, hasValidation: Bool,
        scoreName: String? = nil, headSegment: Int, fence: Int, segments: Int, attempts: Int, settings: Int,
        versions: Int, evaluations: Int, iterations: Int, epochs: Int, lastLoss: Float? = nil, epochLoss: Float? = nil,
        validationLoss: Float? = nil, validationScore: Float? = nil, bestEpoch: Int? = nil, bestIteration: Int? = nil,
        bestValidationLoss: Float? = nil, seconds: Double, status: RunStatus? = nil, reason: String? = nil,
        created: Int64, updated: Int64, ended: Int64? = nil, metrics: Int? = nil,
        readingJSON: String? = nil
    ) {
        self.id = id
        self.uuid = uuid
        self.model = model
        self.spec = spec
        self.dataset = dataset
        self.parentRun = parentRun
        self.parentSegment = parentSegment
        self.parentIteration = parentIteration
        self.iterationsPerEpoch = iterationsPerEpoch
        self.hasValidation = hasValidation
        self.scoreName = scoreName
        self.headSegment = headSegment
        self.fence = fence
        self.segments = segments
        self.attempts = attempts
        self.settings = settings
        self.versions = versions
        self.evaluations = evaluations
        self.iterations = iterations
        self.epochs = epochs
        self.lastLoss = lastLoss
        self.epochLoss = epochLoss
        self.validationLoss = validationLoss
        self.validationScore = validationScore
        self.bestEpoch = bestEpoch
        self.bestIteration = bestIteration
        self.bestValidationLoss = bestValidationLoss
        self.seconds = seconds
        self.status = status
        self.reason = reason
        self.created = created
        self.updated = updated
        self.ended = ended
        self.metrics = metrics
        self.readingJSON = readingJSON
    }
}

extension RunRow: SealedRow {
    package static let table = SealedTable(
        "run", key: ["id"],
        [
            "uuid", "model", "spec", "dataset", "parent_run", "parent_segment", "parent_iteration",
            "iterations_per_epoch", "has_validation", "score_name", "head_segment", "fence", "segments", "attempts",
            "settings", "versions", "evaluations", "iterations", "epochs", "last_loss", "last_loss_bits", "loss",
            "loss_bits", "val_loss", "val_loss_bits", "val_score", "val_score_bits", "best_epoch", "best_iteration",
            "best_val_loss", "best_val_loss_bits", "seconds", "status", "reason", "created", "updated", "ended",
            "metrics", "reading",
        ],
        counts: [
            SealedTable.Count(column: "segments", table: "segment", condition: "child.run = parent.id"),
            SealedTable.Count(column: "attempts", table: "attempt", condition: "child.run = parent.id"),
            SealedTable.Count(column: "settings", table: "setting", condition: "child.run = parent.id"),
            SealedTable.Count(column: "versions", table: "version", condition: "child.run = parent.id"),
            SealedTable.Count(column: "evaluations", table: "evaluation", condition: "child.run = parent.id"),
            SealedTable.Count(column: "metrics", table: "metric", condition: "child.run = parent.id"),
        ])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        uuid = try columns.next()
        model = try columns.next()
        spec = try columns.next()
        dataset = try columns.next()
        parentRun = try columns.next()
        parentSegment = try columns.next()
        parentIteration = try columns.next()
        iterationsPerEpoch = try columns.next()
        hasValidation = try columns.next()
        scoreName = try columns.next()
        headSegment = try columns.next()
        fence = try columns.next()
        segments = try columns.next()
        attempts = try columns.next()
        settings = try columns.next()
        versions = try columns.next()
        evaluations = try columns.next()
        iterations = try columns.next()
        epochs = try columns.next()
        lastLoss = try columns.optionalFloat()
        epochLoss = try columns.optionalFloat()
        validationLoss = try columns.optionalFloat()
        validationScore = try columns.optionalFloat()
        bestEpoch = try columns.next()
        bestIteration = try columns.next()
        bestValidationLoss = try columns.optionalFloat()
        seconds = try columns.next()
        status = try columns.next()
        reason = try columns.next()
        created = try columns.next()
        updated = try columns.next()
        ended = try columns.next()
        metrics = try columns.next()
        readingJSON = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(uuid)
        columns.add(model)
        columns.add(spec)
        columns.add(dataset)
        columns.add(parentRun)
        columns.add(parentSegment)
        columns.add(parentIteration)
        columns.add(iterationsPerEpoch)
        columns.add(hasValidation)
        columns.add(scoreName)
        columns.add(headSegment)
        columns.add(fence)
        columns.add(segments)
        columns.add(attempts)
        columns.add(settings)
        columns.add(versions)
        columns.add(evaluations)
        columns.add(iterations)
        columns.add(epochs)
        columns.add(float: lastLoss)
        columns.add(float: epochLoss)
        columns.add(float: validationLoss)
        columns.add(float: validationScore)
        columns.add(bestEpoch)
        columns.add(bestIteration)
        columns.add(float: bestValidationLoss)
        columns.add(seconds)
        columns.add(status)
        columns.add(reason)
        columns.add(created)
        columns.add(updated)
        columns.add(ended)
        columns.add(metrics)
        columns.add(readingJSON)
    }
}

extension RunRow {
    /// Whether it has a best epoch whose loss is infinite, which only earlier versions of bpreg recorded: for them an
    /// infinity was the lowest loss until a finite one came.
    package var hasInfiniteBest: Bool { bestValidationLoss?.isInfinite == true }

    /// The epoch with the lowest finite validation loss; nil before there is one.
    package var best: (epoch: Int, iteration: Int, loss: Float)? {
        get throws {
            guard let bestEpoch else { return nil }
            guard let bestIteration else { throw TableRow(self).bad("best_iteration") }
            guard let bestValidationLoss else { throw TableRow(self).bad("best_val_loss") }
            if hasInfiniteBest { return nil }
            return (bestEpoch, bestIteration, bestValidationLoss)
        }
    }

    /// The point of another run from which a fork was made; nil if the run is not a fork.
    package var parent: (run: Int, segment: Int, iteration: Int)? {
        get throws {
            guard let parentRun else { return nil }
            guard let parentSegment else { throw TableRow(self).bad("parent_segment") }
            guard let parentIteration else { throw TableRow(self).bad("parent_iteration") }
            return (parentRun, parentSegment, parentIteration)
        }
    }
}

/// The reads and writes of table `run`.
package struct RunTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(_ id: Int) throws -> RunRow? { try store.find([id.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(_ id: Int) throws -> RunRow { try store.need([id.stored]) }

    /// The runs of these numbers, in the given order. Missing runs are left out.
    package func all(_ ids: [Int]) throws -> [RunRow] {
        let rows: [RunRow] = try store.rows("WHERE id IN (SELECT value FROM json_each(?))", [store.list(ids)])
        let found = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { found[$0] }
    }

    /// Who trains, or trained, the runs that have no end.
    package func unendedOwners() throws -> [(run: Int, owner: Owner, lease: Int64)] {
        try store.connection.unendedOwners()
    }

    /// The numbers of the runs whose process is alive.
    package func living() throws -> [Int] {
        try store.connection.unendedOwners()
            .filter { store.signOfLife(of: $0.owner, leaseUntil: $0.lease) != nil }.map(\.run)
    }

    /// The lowest and the highest run number, and the number of runs; nil if there are no runs.
    package func extent() throws -> (least: Int, most: Int, count: Int)? {
        try store.connection.first("SELECT min(id), max(id), count(*) FROM run HAVING count(*) > 0") { row in
            (least: try row.get(0), most: try row.get(1), count: try row.get(2))
        }
    }

    /// The number of the next run after `number` whose metrics are not computed yet.
    package func nextWithoutMetrics(after number: Int) throws -> Int? {
        try store.connection.first(
            "SELECT id FROM run WHERE metrics IS NULL AND id > ? ORDER BY id LIMIT 1", [number], as: Int.self)
    }

    /// All runs, by number.
    package func all() throws -> [RunRow] { try store.rows("ORDER BY id") }

    /// The run with this UUID; nil if there is none.
    package func find(uuid: UUIDv7) throws -> RunRow? { try store.first("WHERE uuid = ?", [uuid.bytes]) }

    /// The datasets of these runs, by run. They serve to compare runs; their seals are not checked.
    package func datasets(of runs: [Int]) throws -> [Int: SHA256Digest] {
        var datasets: [Int: SHA256Digest] = [:]
        try store.connection.query(
            "SELECT id, dataset FROM run WHERE id IN (SELECT value FROM json_each(?))", [store.list(runs)]
        ) { row in
            let run: Int = try row.get(0)
            datasets[run] = SHA256Digest(bytes: try row.get(1, as: [UInt8].self))
        }
        return datasets
    }

    /// How the specs of these runs encode the target, by run.
    package func targetEncodings(of runs: [Int]) throws -> [Int: String] {
        var encodings: [Int: String] = [:]
        try store.connection.query(
            """
            SELECT run.id, json_extract(spec.json, '$.encoding.target') FROM run JOIN spec ON spec.hash = run.spec
            WHERE run.id IN (SELECT value FROM json_each(?))
            """, [store.list(runs)]
        ) { row in
            let run: Int = try row.get(0)
            if try !row.isNull(1) { encodings[run] = try row.shownText(1) }
        }
        return encodings
    }

    /// The names of the scores that these runs measure.
    package func scoreNames(of runs: [Int]) throws -> Set<String> {
        Set(
            try store.connection.all(
                """
                SELECT DISTINCT score_name FROM run
                WHERE id IN (SELECT value FROM json_each(?)) AND score_name IS NOT NULL
                """, [store.list(runs)], as: String.self))
    }

    /// The runs that have no end.
    package func unended() throws -> [RunRow] { try store.rows("WHERE status IS NULL") }

    /// The number of runs.
    package func count() throws -> Int { try store.connection.value("SELECT count(*) FROM run") }

    /// The numbers of all runs, in order.
    package func numbers() throws -> [Int] { try store.connection.all("SELECT id FROM run ORDER BY id") }

    /// The numbers of the runs that trained a model, in order.
    package func numbers(ofModel model: Int) throws -> [Int] {
        try store.connection.all("SELECT id FROM run WHERE model = ? ORDER BY id", [model])
    }

    /// The numbers of the runs that were forked from a run, in order.
    package func forks(of run: Int) throws -> [Int] {
        try store.connection.all("SELECT id FROM run WHERE parent_run = ? ORDER BY id", [run])
    }

    /// Deletes a run with all rows that belong to it except its versions. Its tensors stay until `gc`, which does not
    /// need a long transaction to free them.
    package func delete(_ run: RunRow) throws {
        try store.segments.vacateForks(of: run.id)
        try store.connection.execute(
            "DELETE FROM keyframe_tensor WHERE keyframe IN (SELECT id FROM keyframe WHERE run = ?)", [run.id])
        let tables = [
            "keyframe", "iteration_block", "epoch", "evaluation", "pin", "metric", "setting", "attempt", "segment",
        ]
        for table in tables { try store.connection.execute("DELETE FROM \(table) WHERE run = ?", [run.id]) }
        try store.delete(run)
    }
}

extension Store {
    package var runs: RunTable { RunTable(store: self) }
}
