import BPStore

extension EpochRecord {
    init(_ row: EpochRow) {
        self.init(
            epoch: row.epoch, iteration: row.iteration, loss: row.loss, validationLoss: row.validationLoss,
            validationScore: row.validationScore, seconds: row.seconds)
    }

    /// The row of the epoch in a segment.
    func row(run: Int, segment: Int) -> EpochRow {
        EpochRow(
            run: run, segment: segment, epoch: epoch, iteration: iteration, loss: loss, validationLoss: validationLoss,
            validationScore: validationScore, seconds: storedSeconds)
    }

    /// The seconds as SQLite stores them.
    var storedSeconds: Double { seconds.isFinite ? seconds : 0 }
}
