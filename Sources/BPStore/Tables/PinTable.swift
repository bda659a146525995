import BPSQLite

/// A point whose keyframe is kept until it is unpinned.
package struct PinRow: Sendable, Equatable {
    package var run: Int
    package var segment: Int
    package var iteration: Int
    /// Its name; empty if it has none.
    package var reason: String
    package var created: Int64

    package init(
        run: Int, segment: Int, iteration: Int, reason: String, created: Int64
    ) {
        self.run = run
        self.segment = segment
        self.iteration = iteration
        self.reason = reason
        self.created = created
    }
}

extension PinRow: SealedRow {
    package static let table = SealedTable(
        "pin", key: ["run", "segment", "iteration"],
        [
            "reason", "created",
        ])

    package init(_ columns: inout ColumnReader) throws {
        run = try columns.next()
        segment = try columns.next()
        iteration = try columns.next()
        reason = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(run)
        columns.add(segment)
        columns.add(iteration)
        columns.add(reason)
        columns.add(created)
    }
}

/// The reads and writes of table `pin`.
package struct PinTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(run: Int, segment: Int, iteration: Int) throws -> PinRow? {
        try store.find([run.stored, segment.stored, iteration.stored])
    }

    /// The row of this key, which something stored refers to.
    package func need(run: Int, segment: Int, iteration: Int) throws -> PinRow {
        try store.need([run.stored, segment.stored, iteration.stored])
    }

    /// The pins of a run, in order.
    package func all(ofRun run: Int) throws -> [PinRow] {
        try store.rows("WHERE run = ? ORDER BY segment, iteration", [run])
    }
}

extension Store {
    package var pins: PinTable { PinTable(store: self) }
}
