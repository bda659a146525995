import BPStore
import BPJSON
import BPSQLite

/// What a run's row and its metrics tell of the series, so that nothing that lists runs reads it: kept by each commit,
/// worked out anew by a rollback, and compared by verify. It is taken over the run's own part of its line, epoch by
/// epoch in order, so that all three come to the same bits.
struct RunSummary: Equatable {
    var lastLoss: Float?
    var loss: Float?
    var validationLoss: Float?
    var validationScore: Float?
    var best: RunRecord.Best?
    var seconds = 0.0
    var metrics: [String: Metric] = [:]

    /// The columns of a run's row that it fills.
    static let columns =
        ["last_loss", "loss", "val_loss", "val_score"].flatMap { [$0, $0 + "_bits"] } + [
            "best_epoch", "best_iteration", "best_val_loss", "best_val_loss_bits", "seconds", "metrics",
        ]

    /// Nothing recorded yet.
    init() {}

    /// As the row and its metrics have it.
    init(_ run: TableRow, _ metrics: [String: Metric]) throws {
        lastLoss = try run.optionalFloat("last_loss")
        loss = try run.optionalFloat("loss")
        validationLoss = try run.optionalFloat("val_loss")
        validationScore = try run.optionalFloat("val_score")
        best = try run.best()
        seconds = try run.real("seconds")
        self.metrics = metrics
    }

    /// Counts an epoch that ended after those before.
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
            metrics[name, default: Metric()].add(Double(value), isBest: isBest)
        }
    }

    /// Counts a measure of a split: its loss, and each score that is a number.
    mutating func add(split: String, loss: Float, scoresJSON: String) {
        metrics[split + "_loss"] = Metric(single: Double(loss))
        let scores = (try? JSONValue(parsing: scoresJSON))?.object ?? [:]
        for (name, score) in scores {
            if let value = score.number { metrics[split + "_" + name] = Metric(single: value) }
        }
    }

    /// Fills the columns of a run's row.
    func write(to run: inout TableRow) {
        run.set("last_loss", lastLoss)
        run.set("loss", loss)
        run.set("val_loss", validationLoss)
        run.set("val_score", validationScore)
        run["best_epoch"] = .int(best?.epoch)
        run["best_iteration"] = .int(best?.iteration)
        run.set("best_val_loss", best?.loss)
        run["seconds"] = .real(seconds)
        run["metrics"] = .int(metrics.count)
    }
}

extension EpochRecord {
    /// The seconds as they are stored.
    var storedSeconds: Double { seconds.isFinite ? seconds : 0 }
}

extension TableRow {
    /// The epoch with the lowest validation loss, of a run's row.
    func best() throws -> RunRecord.Best? {
        guard let epoch = try optionalInt("best_epoch") else { return nil }
        return RunRecord.Best(epoch: epoch, iteration: try int("best_iteration"), loss: try float("best_val_loss"))
    }
}

extension Store {
    /// The summary of a run, from the epochs, losses and measures on its own part of `line`.
    func summary(ofRun number: Int, _ line: [LinePart]) throws -> RunSummary {
        var summary = RunSummary()
        let own = line.filter { $0.run == number }
        if let part = own.last(where: { $0.first <= $0.last }) {
            summary.lastLoss = try losses(of: part, from: part.last, to: part.last).first
        }
        for part in own {
            var next = 1
            while true {
                let page = try epochRows(of: part, from: next, to: .max).map { try EpochRecord($0) }
                for epoch in page { summary.add(epoch) }
                guard page.count == Limit.page, let last = page.last else { break }
                next = last.epoch + 1
            }
        }
        for row in try rows(.evaluation, "WHERE run = ? ORDER BY id", [number]) {
            let (segment, iteration) = (try row.int("segment"), try row.int("iteration"))
            guard own.contains(where: { $0.segment == segment && iteration <= $0.last }) else { continue }
            summary.add(split: try row.text("split"), loss: try row.float("loss"), scoresJSON: try row.text("scores"))
        }
        return summary
    }
}
