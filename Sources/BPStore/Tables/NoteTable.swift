import BPSQLite

/// A text that a person wrote about a run or a version.
package struct NoteRow: Sendable, Equatable {
    package var id: Int
    package var subject: Subject
    package var text: String
    package var created: Int64

    package init(
        id: Int, subject: Subject, text: String, created: Int64
    ) {
        self.id = id
        self.subject = subject
        self.text = text
        self.created = created
    }
}

extension NoteRow: SealedRow {
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
    package func find(_ id: Int) throws -> NoteRow? { try store.find([id.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(_ id: Int) throws -> NoteRow { try store.need([id.stored]) }

    /// The notes on a subject, in the order in which they were written.
    package func all(of subject: Subject) throws -> [NoteRow] {
        try store.rows("WHERE subject = ? ORDER BY id", [subject.text])
    }

    /// Whether a note on another subject has this number, or had it.
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
