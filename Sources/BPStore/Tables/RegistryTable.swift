import BPSQLite

/// The one row of table `registry`: the registry's identity, the last numbers given, and counts of the other tables.
package struct RegistryRow: Sendable, Equatable {
    /// Always 1.
    package var id: Int
    /// The registry's unique ID.
    package var uuid: UUIDv7
    /// The last number given to a run.
    package var lastRun: Int
    /// The last key given to a model.
    package var lastModel: Int
    /// The last key given to a keyframe.
    package var lastKeyframe: Int
    package var runs: Int
    package var models: Int
    package var specs: Int
    package var datasets: Int
    /// Events are numbered from 1 without gaps.
    package var events: Int
    package var tags: Int
    package var notes: Int
    package var pins: Int
    /// Microseconds since 1970.
    package var created: Int64
    /// The last number given to a note; nil in a registry of an older schema.
    package var lastNote: Int?
    package var archives: Int?
    /// The number of deletions that can be undone.
    package var deletions: Int?
}

extension RegistryRow: SealedRow {
    package static let table = SealedTable(
        "registry", key: ["id"],
        [
            "uuid", "last_run", "last_model", "last_keyframe", "runs", "models", "specs", "datasets", "events", "tags",
            "notes", "pins", "created", "last_note", "archives", "deletions",
        ],
        counts: [
            SealedTable.Count(column: "runs", table: "run", condition: "TRUE"),
            SealedTable.Count(column: "models", table: "model", condition: "TRUE"),
            SealedTable.Count(column: "specs", table: "spec", condition: "TRUE"),
            SealedTable.Count(column: "datasets", table: "dataset", condition: "TRUE"),
            SealedTable.Count(column: "events", table: "event", condition: "TRUE"),
            SealedTable.Count(column: "tags", table: "tag", condition: "TRUE"),
            SealedTable.Count(column: "notes", table: "note", condition: "TRUE"),
            SealedTable.Count(column: "pins", table: "pin", condition: "TRUE"),
            SealedTable.Count(column: "archives", table: "archive", condition: "TRUE"),
            SealedTable.Count(column: "deletions", table: "deletion", condition: "TRUE"),
        ])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        uuid = try columns.next()
        lastRun = try columns.next()
        lastModel = try columns.next()
        lastKeyframe = try columns.next()
        runs = try columns.next()
        models = try columns.next()
        specs = try columns.next()
        datasets = try columns.next()
        events = try columns.next()
        tags = try columns.next()
        notes = try columns.next()
        pins = try columns.next()
        created = try columns.next()
        lastNote = try columns.next()
        archives = try columns.next()
        deletions = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(uuid)
        columns.add(lastRun)
        columns.add(lastModel)
        columns.add(lastKeyframe)
        columns.add(runs)
        columns.add(models)
        columns.add(specs)
        columns.add(datasets)
        columns.add(events)
        columns.add(tags)
        columns.add(notes)
        columns.add(pins)
        columns.add(created)
        columns.add(lastNote)
        columns.add(archives)
        columns.add(deletions)
    }
}

/// The reads and writes of table `registry`.
package struct RegistryTable {
    let store: Store

    /// The row, which a complete registry has.
    package func need() throws -> RegistryRow { try store.need([1.stored]) }

    /// Changes the row within a transaction.
    @discardableResult
    package func update<Result>(_ change: (inout RegistryRow) throws -> Result) throws -> Result {
        var row = try need()
        let result = try change(&row)
        try store.update(row)
        return result
    }
}

extension Store {
    package var registry: RegistryTable { RegistryTable(store: self) }
}
