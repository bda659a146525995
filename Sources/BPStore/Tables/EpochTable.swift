import BPSQLite

/// A completed epoch.
package struct EpochRow: Sendable, Equatable {
    package var run: Int
    package var segment: Int
    package var epoch: Int
    package var iteration: Int
    package var loss: Float
    package var validationLoss: Float?
    package var validationScore: Float?
    package var seconds: Double

    package init(
        run: Int, segment: Int, epoch: Int, iteration: Int, loss: Float, validationLoss: Float? = nil,
        validationScore: Float? = nil, seconds: Double
    ) {
        self.run = run
        self.segment = segment
        self.epoch = epoch
        self.iteration = iteration
        self.loss = loss
        self.validationLoss = validationLoss
        self.validationScore = validationScore
        self.seconds = seconds
    }
}

extension EpochRow: SealedRow {
    package static let table = SealedTable(
        "epoch", key: ["run", "segment", "epoch"],
        [
            "iteration", "loss", "loss_bits", "val_loss", "val_loss_bits", "val_score", "val_score_bits", "seconds",
        ])

    package init(_ columns: inout ColumnReader) throws {
        run = try columns.next()
        segment = try columns.next()
        epoch = try columns.next()
        iteration = try columns.next()
        loss = try columns.float()
        validationLoss = try columns.optionalFloat()
        validationScore = try columns.optionalFloat()
        seconds = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(run)
        columns.add(segment)
        columns.add(epoch)
        columns.add(iteration)
        columns.add(float: loss)
        columns.add(float: validationLoss)
        columns.add(float: validationScore)
        columns.add(seconds)
    }
}

/// The reads and writes of table `epoch`.
package struct EpochTable {
    let store: Store

    /// Inserts epochs: a run of small epochs has hundreds of thousands of them a second.
    package func insert(_ rows: [EpochRow]) throws { try store.insert(rows) }

    /// The row of this key; nil if there is none.
    package func find(run: Int, segment: Int, epoch: Int) throws -> EpochRow? {
        try store.find([run.stored, segment.stored, epoch.stored])
    }

    /// The epochs `from…to` that ended in a segment up to an iteration, in order; a page of them at most.
    package func page(run: Int, segment: Int, from: Int, to: Int, upTo iteration: Int) throws -> [EpochRow] {
        try store.rows(
            """
            WHERE run = ? AND segment = ? AND epoch BETWEEN ? AND ? AND iteration <= ?
            ORDER BY epoch LIMIT \(Limit.page)
            """, [run, segment, from, to, iteration])
    }

    /// The epoch with the lowest validation loss among those of a segment that ended by `iteration` and are not after
    /// `epoch`: the earliest on ties, never one whose loss is not finite.
    package func best(run: Int, segment: Int, upTo iteration: Int, epoch: Int) throws -> EpochRow? {
        // A NaN is NULL in val_loss; 9e999 is infinity.
        try store.first(
            """
            WHERE run = ? AND segment = ? AND iteration <= ? AND epoch <= ? AND abs(val_loss) < 9e999
            ORDER BY val_loss, epoch
            """, [run, segment, iteration, epoch])
    }

    /// The number of epochs of a segment that are not among those it keeps, or that end at an unexpected iteration.
    package func misplaced(in segment: SegmentRecord) throws -> Int {
        try store.connection.value(
            """
            SELECT count(*) FROM epoch WHERE run = ?1 AND segment = ?2 AND (epoch < ?3 OR epoch >= ?3 + ?4
                OR iteration <> ?5 + (epoch - ?3 + 1) * ?6)
            """,
            [
                segment.run, segment.number, segment.firstEpoch, segment.keptEpochs, segment.epochStart,
                segment.iterationsPerEpoch,
            ])
    }

    /// Deletes the epochs of a segment after `epoch`.
    package func delete(run: Int, segment: Int, after epoch: Int) throws {
        try store.connection.execute(
            "DELETE FROM epoch WHERE run = ? AND segment = ? AND epoch > ?", [run, segment, epoch])
    }

    /// A page of the epochs of a segment that follow an epoch: at most `Limit.page`.
    package func page(run: Int, segment: Int, after epoch: Int) throws -> [EpochRow] {
        try store.rows(
            "WHERE run = ? AND segment = ? AND epoch > ? ORDER BY epoch LIMIT \(Limit.page)", [run, segment, epoch])
    }
}

extension Store {
    package var epochs: EpochTable { EpochTable(store: self) }
}
