package import BPJSON
import BPSQLite

/// An event, which never changes.
public struct EventRecord: Sendable, Equatable {
    /// Its number, from 1 without gaps.
    public let id: Int
    /// Its time, in microseconds since 1970.
    package let at: Int64
    /// The run, model, version or dataset that it concerns.
    public let subject: Subject
    /// The kind of event.
    public let kind: EventKind
    /// Details, as JSON.
    public let detailJSON: String
}

extension EventRecord: SealedRow {
    package static let table = SealedTable(
        "event", key: ["id"],
        [
            "at", "subject", "kind", "detail",
        ])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        at = try columns.next()
        subject = try columns.next()
        kind = try columns.next()
        detailJSON = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(at)
        columns.add(subject)
        columns.add(kind)
        columns.add(detailJSON)
    }
}

/// The reads and writes of table `event`.
package struct EventTable {
    let store: Store

    /// The events after event `number`, by time: a restoration appends events that are older than those recorded before.
    package func all(after number: Int = 0) throws -> [EventRecord] {
        try store.rows("WHERE id > ? ORDER BY at, id", [number])
    }

    /// The events of a subject after event `number`, in the order in which they were recorded.
    package func all(of subject: Subject, after number: Int = 0) throws -> [EventRecord] {
        try store.rows("WHERE subject = ? AND id > ? ORDER BY id", [subject.text, number])
    }

    /// Appends an event, and updates the count, within a transaction.
    /// - Returns: its number.
    @discardableResult
    package func add(_ kind: EventKind, of subject: Subject, at now: Int64, _ detail: JSONValue = [:]) throws -> Int {
        var number = 0
        try store.registry.update { registry in
            registry.events += 1
            number = registry.events
            try store.insert(
                EventRecord(id: number, at: now, subject: subject, kind: kind, detailJSON: detail.serialized))
        }
        return number
    }

    /// The last event of this kind of a subject; nil if there is none.
    package func last(_ kind: EventKind, of subject: Subject) throws -> EventRecord? {
        try store.first("WHERE subject = ? AND kind = ? ORDER BY id DESC", [subject.text, kind.rawValue])
    }
}

extension EventRecord {
    /// The error for a detail that this package never writes.
    package var badDetail: any Error { TableRow(self).bad("detail") }
}

extension Store {
    package var events: EventTable { EventTable(store: self) }
}
