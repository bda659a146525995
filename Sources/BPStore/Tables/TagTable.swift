import BPSQLite

/// A named value that a person gave to a run or a version.
public struct TagRecord: Sendable, Equatable {
    /// The run or the version.
    public package(set) var subject: Subject
    /// Its name.
    public let name: String
    /// Its value.
    public let value: String
    /// The time when it was last set, in microseconds since 1970.
    package let created: Int64

    package init(subject: Subject, name: String, value: String, created: Int64) {
        (self.subject, self.name, self.value, self.created) = (subject, name, value, created)
    }
}

extension TagRecord: SealedRow {
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
    package func find(subject: Subject, name: String) throws -> TagRecord? {
        try store.find([subject.stored, name.stored])
    }

    /// The tags of a subject, by name.
    package func all(of subject: Subject) throws -> [TagRecord] {
        try store.rows("WHERE subject = ? ORDER BY name", [subject.text])
    }

    /// Inserts a tag, and updates the count.
    package func insert(_ tag: TagRecord) throws {
        try store.insert(tag)
        try store.registry.update { $0.tags += 1 }
    }

    /// Deletes a tag, and updates the count.
    package func delete(_ tag: TagRecord) throws {
        try store.delete(tag)
        try store.registry.update { $0.tags -= 1 }
    }

    /// Deletes the tags of a subject, and updates the count.
    package func deleteAll(of subject: Subject) throws {
        try store.connection.execute("DELETE FROM tag WHERE subject = ?", [subject.text])
        let count = store.connection.changes
        if count > 0 { try store.registry.update { $0.tags -= count } }
    }
}

extension Store {
    package var tags: TagTable { TagTable(store: self) }
}
