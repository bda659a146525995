import BPSQLite

/// A point whose state is kept until it is unpinned: a full keyframe that is never thinned.
public struct PinRecord: Sendable, Equatable {
    /// The run that recorded it.
    public package(set) var run: Int
    /// The segment that recorded it.
    public let segment: Int
    /// The number of updates before the state.
    public let iteration: Int
    /// Its name; nil if it has none.
    public let name: String?
    /// Its creation time, in microseconds since 1970.
    package let created: Int64

    package init(run: Int, segment: Int, iteration: Int, name: String?, created: Int64) {
        (self.run, self.segment, self.iteration) = (run, segment, iteration)
        (self.name, self.created) = (name, created)
    }
}

extension PinRecord: SealedRow {
    package static let table = SealedTable(
        "pin", key: ["run", "segment", "iteration"],
        [
            "reason", "created",
        ])

    package init(_ columns: inout ColumnReader) throws {
        run = try columns.next()
        segment = try columns.next()
        iteration = try columns.next()
        let reason: String = try columns.next()
        name = reason.isEmpty ? nil : reason
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(run)
        columns.add(segment)
        columns.add(iteration)
        columns.add(name ?? "")
        columns.add(created)
    }
}

/// The reads and writes of table `pin`.
package struct PinTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(run: Int, segment: Int, iteration: Int) throws -> PinRecord? {
        try store.find([run.stored, segment.stored, iteration.stored])
    }

    /// The pins of the points that a run recorded, in order of segment and iteration.
    package func all(ofRun run: Int) throws -> [PinRecord] {
        try store.rows("WHERE run = ? ORDER BY segment, iteration", [run])
    }

    /// All pins.
    package func all() throws -> [PinRecord] { try store.rows() }
}

extension Store {
    package var pins: PinTable { PinTable(store: self) }
}
