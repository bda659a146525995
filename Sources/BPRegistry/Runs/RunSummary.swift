import BPJSON
package import BPStore

/// The summary of the series in a run's row and its metrics, so that lists of runs do not read the series. Each commit
/// updates it, a rollback computes it again, and verify compares it. It covers the run's own part of its line, epoch by
/// epoch in order, so that all three get the same bits.
struct RunSummary: Equatable {
    let run: Int
    var lastLoss: Float?
    var loss: Float?
    var validationLoss: Float?
    var validationScore: Float?
    var best: RunRecord.Best?
    var seconds = 0.0
    var metrics: [String: MetricRow] = [:]

    /// Nothing recorded yet.
    init(run: Int) { self.run = run }

    /// The summary in the row and its metrics.
    init(_ row: RunRow, _ metrics: [String: MetricRow]) throws {
        run = row.id
        lastLoss = row.lastLoss
        loss = row.epochLoss
        validationLoss = row.validationLoss
        validationScore = row.validationScore
        best = try row.best.map { RunRecord.Best(epoch: $0.epoch, iteration: $0.iteration, loss: $0.loss) }
        seconds = row.seconds
        self.metrics = metrics
    }

    /// Adds an epoch that ended after those before.
    mutating func add(_ epoch: EpochRecord) {
        (loss, validationLoss, validationScore) = (epoch.loss, epoch.validationLoss, epoch.validationScore)
        seconds += epoch.storedSeconds
        var isBest = false
        if let loss = epoch.validationLoss, !loss.isNaN, best.map({ loss < $0.loss }) ?? true {
            best = RunRecord.Best(epoch: epoch.epoch, iteration: epoch.iteration, loss: loss)
            isBest = true
        }
        let values = [
            ("loss", epoch.loss), ("val_loss", epoch.validationLoss), ("val_score", epoch.validationScore),
        ]
        for case (let name, let value?) in values {
            add(Double(value), to: name, isBest: isBest)
        }
    }

    /// Adds a measure of a split: its loss, and each score that is a number.
    mutating func add(split: String, loss: Float, scoresJSON: String) {
        set(split + "_loss", to: Double(loss))
        let scores = (try? JSONValue(parsing: scoresJSON))?.object ?? [:]
        for (name, score) in scores {
            if let value = score.number { set(split + "_" + name, to: value) }
        }
    }

    private mutating func add(_ value: Double, to name: String, isBest: Bool) {
        metrics[name, default: MetricRow(run: run, name: name)].add(value, isBest: isBest)
    }

    /// Sets a measure that occurs once.
    private mutating func set(_ name: String, to value: Double) {
        metrics[name] = nil
        add(value, to: name, isBest: true)
    }

    /// Fills the columns of a run's row.
    func write(to row: inout RunRow) {
        row.lastLoss = lastLoss
        row.epochLoss = loss
        row.validationLoss = validationLoss
        row.validationScore = validationScore
        row.bestEpoch = best?.epoch
        row.bestIteration = best?.iteration
        row.bestValidationLoss = best?.loss
        row.seconds = seconds
        row.metrics = metrics.count
    }
}

extension RunSummary {
    /// The summary of a run, from the epochs, losses and measures on its own part of `line`.
    init(ofRun number: Int, _ line: Line, in store: Store) throws {
        self.init(run: number)
        let own = line.filter { $0.run == number }
        if let part = own.last(where: { $0.first <= $0.last }) {
            lastLoss = try part.losses(from: part.last, to: part.last, in: store).first
        }
        for part in own {
            var next = 1
            while true {
                let page = try part.epochs(from: next, to: .max, in: store)
                for epoch in page { add(epoch) }
                guard page.count == Limit.page, let last = page.last else { break }
                next = last.epoch + 1
            }
        }
        for row in try store.evaluations.all(ofRun: number) {
            guard own.contains(where: { $0.segment == row.segment && row.iteration <= $0.last }) else { continue }
            add(split: row.split, loss: row.loss, scoresJSON: row.scoresJSON)
        }
    }
}

extension RunRow {
    /// Computes the summary again, of the line that ends in the head, and writes its metrics. The caller writes the row.
    package mutating func renewSummary(in store: Store) throws {
        let line = try Line(to: headSegment, ofRun: id, in: store)
        let summary = try RunSummary(ofRun: id, line, in: store)
        try store.metrics.replace(store.metrics.all(ofRun: id), by: summary.metrics)
        summary.write(to: &self)
        iterations = line.lastIteration
        epochs = line.epochsEnded(at: line.lastIteration)
    }
}
