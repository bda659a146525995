public import BPStore
import BPSQLite

/// A measure of a run, of which lists and queries are made.
public struct MetricRecord: Sendable, Equatable {
    /// Its name: `loss`, `val_loss`, `val_score`, or a split and what was measured of it, as in `test_accuracy`.
    public let name: String
    /// The last value; nil where it is NaN.
    public let last: Double?
    /// The value of the run's best epoch; nil without one, and where it is NaN.
    public let best: Double?
    /// The least value that is not NaN; nil where none is.
    public let min: Double?
    /// The greatest value that is not NaN; nil where none is.
    public let max: Double?
}

extension Registry {
    /// The metrics of a run, by name: of its own part of its line.
    public func metrics(ofRun number: Int) throws(RegistryError) -> [MetricRecord] {
        try reading { store in
            let run = try store.runRow(number)
            let metrics = try store.metrics(of: run)
            guard try metrics.count == run.optionalInt("metrics") ?? 0 else {
                throw store.damaged("run \(number)", "\(metrics.count) metrics, its row tells another number")
            }
            return metrics.sorted { $0.key < $1.key }.map { name, metric in
                MetricRecord(name: name, last: metric.last, best: metric.best, min: metric.min, max: metric.max)
            }
        }
    }
}

/// The values of a measure, as a run's rows keep them. A NaN is nil.
struct Metric: Equatable {
    private(set) var last: Double?
    /// Of the last value as a float32, by which a NaN and −0 are told.
    private(set) var bits: UInt32 = 0
    private(set) var best: Double?
    private(set) var min: Double?
    private(set) var max: Double?

    init() {}

    /// A measure that was taken once.
    init(single value: Double) { add(value, isBest: true) }

    /// Counts a value after those before.
    mutating func add(_ value: Double, isBest: Bool) {
        bits = Float(value).canonicalBits
        // As SQLite will give it back: a NaN as NULL, −0.0 as 0.0.
        last = value.isNaN ? nil : value == 0 ? 0 : value
        if isBest { best = last }
        guard let last else { return }
        min = Swift.min(min ?? last, last)
        max = Swift.max(max ?? last, last)
    }
}

extension Metric {
    init(_ row: TableRow) throws {
        last = try row.optionalReal("last")
        bits = try row.bits("last_bits")
        (best, min, max) = (try row.optionalReal("best"), try row.optionalReal("min"), try row.optionalReal("max"))
    }

    func row(_ run: SQLiteValue, _ name: String) -> TableRow {
        TableRow(
            .metric,
            [
                "run": run, "name": .text(name), "last": .real(last), "last_bits": .integer(Int64(bits)),
                "best": .real(best), "min": .real(min), "max": .real(max),
            ])
    }
}

extension Store {
    /// The metrics of a run, by name.
    func metrics(of run: TableRow) throws -> [String: Metric] {
        var metrics: [String: Metric] = [:]
        for row in try rows(.metric, "WHERE run = ?", [run["id"]]) { metrics[try row.text("name")] = try Metric(row) }
        return metrics
    }

    /// Makes the metrics of a run these; what has not changed is not written.
    func replaceMetrics(of run: TableRow, _ old: [String: Metric], by new: [String: Metric]) throws {
        for (name, metric) in new.sorted(by: { $0.key < $1.key }) where metric != old[name] {
            let row = metric.row(run["id"], name)
            try old[name] == nil ? insert(row) : update(row)
        }
        for (name, metric) in old where new[name] == nil { try delete(metric.row(run["id"], name)) }
    }

    /// Works the summary of a run out anew, of the line that ends in its head, and writes it with its metrics. The
    /// row itself is left to the caller to write.
    package func renewSummary(of run: inout TableRow) throws {
        let number = try run.int("id")
        let line = try line(run: number, segment: run.int("head_segment"))
        let summary = try summary(ofRun: number, line)
        try replaceMetrics(of: run, metrics(of: run), by: summary.metrics)
        summary.write(to: &run)
        run["iterations"] = .int(line.lastIteration)
        run["epochs"] = .int(try epochsEnded(line, at: line.lastIteration))
    }
}
