import BPSQLite

/// A measure of a run. A NaN is nil; `lastBits` are those of the last value as a float32, which tell a NaN and −0
/// apart.
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

    /// The row of this key; nil if there is none.
    package func find(run: Int, name: String) throws -> MetricRow? { try store.find([run.stored, name.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(run: Int, name: String) throws -> MetricRow { try store.need([run.stored, name.stored]) }

    /// The metrics of a run, by name.
    package func all(ofRun run: Int) throws -> [MetricRow] { try store.rows("WHERE run = ? ORDER BY name", [run]) }
}

extension Store {
    package var metrics: MetricTable { MetricTable(store: self) }
}
