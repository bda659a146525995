import BPSQLite

/// A text that a person wrote about a run or a version.
public struct NoteRecord: Sendable, Equatable {
    /// Its number in the registry, from 1, never used twice.
    public package(set) var id: Int
    /// The run or the version.
    public package(set) var subject: Subject
    /// The text.
    public package(set) var text: String
    /// The time when it was first written, in microseconds since 1970.
    package let created: Int64
}

extension NoteRecord: SealedRow {
    package static let table = SealedTable(
        "note", key: ["id"],
        [
            "subject", "text", "created",
        ])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        subject = try columns.next()
        text = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(subject)
        columns.add(text)
        columns.add(created)
    }
}

/// The reads and writes of table `note`.
package struct NoteTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(_ id: Int) throws -> NoteRecord? { try store.find([id.stored]) }

    /// All notes, the newest first.
    package func all() throws -> [NoteRecord] { try store.rows("ORDER BY id DESC") }

    /// The notes of a subject, oldest first.
    package func all(of subject: Subject) throws -> [NoteRecord] {
        try store.rows("WHERE subject = ? ORDER BY id", [subject.text])
    }

    /// Inserts a note under a new number, and updates the count.
    package func add(_ text: String, to subject: Subject, at now: Int64) throws -> NoteRecord {
        var id = 0
        try store.registry.update { registry in
            id = (registry.lastNote ?? 0) + 1
            registry.lastNote = id
            registry.notes += 1
        }
        let note = NoteRecord(id: id, subject: subject, text: text, created: now)
        try store.insert(note)
        return note
    }

    /// Deletes a note, and updates the count.
    package func delete(_ note: NoteRecord) throws {
        try store.delete(note)
        try store.registry.update { $0.notes -= 1 }
    }

    /// Deletes the notes of a subject, and updates the count.
    package func deleteAll(of subject: Subject) throws {
        try store.connection.execute("DELETE FROM note WHERE subject = ?", [subject.text])
        let count = store.connection.changes
        if count > 0 { try store.registry.update { $0.notes -= count } }
    }

    /// Whether a note on another subject has, or had, this number.
    package func isTaken(_ id: Int, byOtherThan subject: Subject) throws -> Bool {
        if try find(id) != nil { return true }
        return try store.connection.first(
            "SELECT 1 FROM event WHERE kind = 'note' AND detail LIKE ? AND subject <> ? LIMIT 1",
            ["%\"id\":\(id),%", subject.text], as: Int.self) != nil
    }
}

extension Store {
    package var notes: NoteTable { NoteTable(store: self) }
}
