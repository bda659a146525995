import BPSQLite

/// A measure of a run. A NaN is nil; `lastBits` are the float32 bits of the last value, which distinguish NaN and −0.
package struct MetricRow: Sendable, Equatable {
    package var run: Int
    package var name: String
    package var last: Double?
    package var lastBits: UInt32
    package var best: Double?
    package var min: Double?
    package var max: Double?

    package init(
        run: Int, name: String, last: Double? = nil, lastBits: UInt32, best: Double? = nil, min: Double? = nil,
        max: Double? = nil
    ) {
        self.run = run
        self.name = name
        self.last = last
        self.lastBits = lastBits
        self.best = best
        self.min = min
        self.max = max
    }
}

extension MetricRow: SealedRow {
    package static let table = SealedTable(
        "metric", key: ["run", "name"],
        [
            "last", "last_bits", "best", "min", "max",
        ])

    package init(_ columns: inout ColumnReader) throws {
        run = try columns.next()
        name = try columns.next()
        last = try columns.next()
        lastBits = try columns.next()
        best = try columns.next()
        min = try columns.next()
        max = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(run)
        columns.add(name)
        columns.add(last)
        columns.add(lastBits)
        columns.add(best)
        columns.add(min)
        columns.add(max)
    }
}

/// The reads and writes of table `metric`.
package struct MetricTable {
    let store: Store

    /// The metrics of a run, by name.
    package func all(ofRun run: Int) throws -> [String: MetricRow] {
        let rows: [MetricRow] = try store.rows("WHERE run = ?", [run])
        return Dictionary(rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The metrics of these runs, by run and then by name.
    package func all(ofRuns runs: [Int]) throws -> [Int: [MetricRow]] {
        let rows: [MetricRow] = try store.rows(
            "WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, name", [store.list(runs)])
        return Dictionary(grouping: rows, by: \.run)
    }

    /// The names of the metrics of all runs, in order.
    package func names() throws -> [String] { try store.distinctNames("metric") }

    /// Replaces the metrics `old` of a run, within a transaction; unchanged metrics are not written.
    package func replace(_ old: [String: MetricRow], by new: [String: MetricRow]) throws {
        for (name, metric) in new.sorted(by: { $0.key < $1.key }) where metric != old[name] {
            try old[name] == nil ? store.insert(metric) : store.update(metric)
        }
        for (name, metric) in old where new[name] == nil { try store.delete(metric) }
    }
}

extension Store {
    package var metrics: MetricTable { MetricTable(store: self) }
}
