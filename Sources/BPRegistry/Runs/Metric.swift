public import BPStore

/// A measure of a run, for lists and queries.
public struct MetricRecord: Sendable, Equatable {
    /// Its name: `loss`, `val_loss`, `val_score`, or a split and its measure, as in `test_accuracy`.
    public let name: String
    /// The last value; nil if it is NaN.
    public let last: Double?
    /// The value of the run's best epoch; nil if there is none or if it is NaN.
    public let best: Double?
    /// The smallest value that is not NaN; nil if there is none.
    public let min: Double?
    /// The largest value that is not NaN; nil if there is none.
    public let max: Double?
}

extension SnapshotReading {
    /// The metrics of a run, by name, over its own part of its line.
    public func metrics(ofRun number: Int) throws(RegistryError) -> [MetricRecord] {
        try reading { store in
            let run = try RunRow(named: number, in: store)
            let metrics = try store.metrics.all(ofRun: number)
            guard metrics.count == run.metrics ?? 0 else {
                throw store.damaged(
                    "run \(number)", "\(metrics.count) metrics, but its row records \(run.metrics ?? 0)")
            }
            return metrics.values.sorted { $0.name < $1.name }.map(MetricRecord.init)
        }
    }
}

extension MetricRecord {
    init(_ row: MetricRow) {
        self.init(name: row.name, last: row.last, best: row.best, min: row.min, max: row.max)
    }
}

extension MetricRow {
    /// A measure without a value.
    init(run: Int, name: String) { self.init(run: run, name: name, lastBits: 0) }

    /// Adds a value after the values before.
    mutating func add(_ value: Double, isBest: Bool) {
        lastBits = Float(value).canonicalBits
        // SQLite returns a NaN as NULL and −0.0 as 0.0.
        last = value.isNaN ? nil : value == 0 ? 0 : value
        if isBest { best = last }
        guard let last else { return }
        min = Swift.min(min ?? last, last)
        max = Swift.max(max ?? last, last)
    }
}
