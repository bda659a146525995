import BPSQLite

/// A run. The columns from `iterations` to `seconds`, and `metrics`, summarize the line that ends in its head; each
/// commit renews them.
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
    /// How it ended; nil if it has no end.
    package var status: RunStatus?
    package var reason: String?
    package var created: Int64
    package var updated: Int64
    package var ended: Int64?
    /// How many metrics it has; nil until they are worked out in a registry of an older schema.
    package var metrics: Int?

    package init(
        id: Int, uuid: UUIDv7, model: Int, spec: SHA256Digest, dataset: SHA256Digest, parentRun: Int? = nil,
        parentSegment: Int? = nil, parentIteration: Int? = nil, iterationsPerEpoch: Int, hasValidation: Bool,
        scoreName: String? = nil, headSegment: Int, fence: Int, segments: Int, attempts: Int, settings: Int,
        versions: Int, evaluations: Int, iterations: Int, epochs: Int, lastLoss: Float? = nil, epochLoss: Float? = nil,
        validationLoss: Float? = nil, validationScore: Float? = nil, bestEpoch: Int? = nil, bestIteration: Int? = nil,
        bestValidationLoss: Float? = nil, seconds: Double, status: RunStatus? = nil, reason: String? = nil,
        created: Int64, updated: Int64, ended: Int64? = nil, metrics: Int? = nil
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
            "metrics",
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
    }
}

/// The reads and writes of table `run`.
package struct RunTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(_ id: Int) throws -> RunRow? { try store.find([id.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(_ id: Int) throws -> RunRow { try store.need([id.stored]) }

    /// The run of this UUID; nil if there is none.
    package func find(uuid: UUIDv7) throws -> RunRow? { try store.find("WHERE uuid = ?", [uuid.bytes]) }

    /// The numbers of all runs, or of the runs of a model.
    package func numbers(ofModel model: Int? = nil) throws -> [Int] {
        try store.connection.all("SELECT id FROM run WHERE ?1 IS NULL OR model = ?1", [model], as: Int.self)
    }
}

extension Store {
    package var runs: RunTable { RunTable(store: self) }
}
