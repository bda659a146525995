import BPSQLite

/// A value that a person gave to a run or a version.
package struct TagRow: Sendable, Equatable {
    package var subject: Subject
    package var name: String
    package var value: String
    package var created: Int64

    package init(
        subject: Subject, name: String, value: String, created: Int64
    ) {
        self.subject = subject
        self.name = name
        self.value = value
        self.created = created
    }
}

extension TagRow: SealedRow {
    package static let table = SealedTable(
        "tag", key: ["subject", "name"],
        [
            "value", "created",
        ])

    package init(_ columns: inout ColumnReader) throws {
        subject = try columns.next()
        name = try columns.next()
        value = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(subject)
        columns.add(name)
        columns.add(value)
        columns.add(created)
    }
}

/// The reads and writes of table `tag`.
package struct TagTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(subject: Subject, name: String) throws -> TagRow? {
        try store.find([subject.stored, name.stored])
    }

    /// The row of this key, which something stored refers to.
    package func need(subject: Subject, name: String) throws -> TagRow {
        try store.need([subject.stored, name.stored])
    }

    /// The tags of a subject, by name.
    package func all(of subject: Subject) throws -> [TagRow] {
        try store.rows("WHERE subject = ? ORDER BY name", [subject.text])
    }
}

extension Store {
    package var tags: TagTable { TagTable(store: self) }
}
