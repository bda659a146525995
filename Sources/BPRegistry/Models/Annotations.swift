public import BPStore
import BPJSON
import BPSQLite
import BPText

/// A named value that a person gave to a run or a version.
public struct TagRecord: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its value.
    public let value: String
    /// When it was last set, in microseconds since 1970.
    package let created: Int64
}

/// How a tag was set, changed or removed.
public struct TagChange: Sendable, Equatable {
    /// What it is about.
    public let subject: Subject
    /// Its name.
    public let name: String
    /// The value before; nil where it is new.
    public let from: String?
    /// The value now; nil where it was removed.
    public let to: String?
}

/// A text that a person wrote about a run or a version.
public struct NoteRecord: Sendable, Equatable {
    /// Its number in the registry, from 1, never used twice.
    public let id: Int
    /// What it is about.
    public let subject: Subject
    /// The text.
    public let text: String
    /// When it was written first, in microseconds since 1970.
    package let created: Int64
}

// MARK: Tags

extension Registry {
    /// The tags of a run or a version, by name.
    /// - Throws: `notFound` when there is no such run or version.
    public func tags(of subject: Subject) throws(RegistryError) -> [TagRecord] {
        try reading { store in
            try store.checkExists(subject)
            return try store.rows(.tag, "WHERE subject = ? ORDER BY name", [subject.text]).map { row in
                TagRecord(
                    name: try row.text("name"), value: try row.text("value"), created: try row.int64("created"))
            }
        }
    }

    /// Gives a run or a version a tag, or another value to the one it has. The same value again changes nothing.
    /// - Throws: `badName`; `notFound` when there is no such run or version; `readOnly`, `diskFull`, `inputOutput`.
    public func setTag(
        _ name: String, to value: String, of subject: Subject
    ) throws(RegistryError) -> TagChange {
        let name = try ModelName(name).text
        return try writing { store in
            try store.checkExists(subject)
            let now = environment.now()
            let row = TableRow(
                .tag,
                [
                    "subject": .text(subject.text), "name": .text(name), "value": .text(value),
                    "created": .integer(now),
                ])
            let known = try store.row(.tag, Array(row.key))
            let change = TagChange(subject: subject, name: name, from: try known?.text("value"), to: value)
            if change.from == value { return change }
            if known == nil {
                try store.insert(row)
                try store.updateRegistry { try $0.add(1, to: "tags") }
            } else {
                try store.update(row)
            }
            try store.addEvent(.tag, of: subject, at: now, change.json)
            return change
        }
    }

    /// Takes a tag away.
    /// - Throws: `notFound` naming the tags there are; `readOnly`, `diskFull`, `inputOutput`.
    public func removeTag(_ name: String, of subject: Subject) throws(RegistryError) -> TagChange {
        try writing { store in
            try store.checkExists(subject)
            guard let row = try store.row(.tag, [.text(subject.text), .text(name)]) else {
                let names = try store.connection.all(
                    "SELECT name FROM tag WHERE subject = ? ORDER BY name", [subject.text], as: String.self)
                throw RegistryError.notFound(
                    reference: name, what: "\(subject) has no such tag",
                    exists: names.isEmpty ? "it has no tag" : "it has " + list(names),
                    near: NearNames.of(name, among: names))
            }
            try store.delete(row)
            try store.updateRegistry { try $0.add(-1, to: "tags") }
            let change = TagChange(subject: subject, name: name, from: try row.text("value"), to: nil)
            try store.addEvent(.tag, of: subject, at: environment.now(), change.json)
            return change
        }
    }
}

// MARK: Notes

extension Registry {
    /// The notes of a run or a version, oldest first.
    /// - Throws: `notFound` when there is no such run or version.
    public func notes(of subject: Subject) throws(RegistryError) -> [NoteRecord] {
        try reading { store in
            try store.checkExists(subject)
            return try store.rows(.note, "WHERE subject = ? ORDER BY id", [subject.text]).map { try store.note($0) }
        }
    }

    /// Writes a note about a run or a version.
    /// - Throws: `notFound` when there is no such run or version; `conflict` when the text is empty; `readOnly`,
    ///   `diskFull`, `inputOutput`.
    public func addNote(_ text: String, to subject: Subject) throws(RegistryError) -> NoteRecord {
        try checkText(text)
        return try writing { store in
            try store.checkExists(subject)
            let now = environment.now()
            var id: SQLiteValue = .null
            try store.updateRegistry { registry in
                if registry["last_note"] == .null { registry["last_note"] = .int(0) }
                try registry.add(1, to: "last_note")
                try registry.add(1, to: "notes")
                id = registry["last_note"]
            }
            let row = TableRow(
                .note,
                ["id": id, "subject": .text(subject.text), "text": .text(text), "created": .integer(now)])
            try store.insert(row)
            return try store.noteChanged(row, from: nil, to: text, now)
        }
    }

    /// Gives a note another text. The same text again changes nothing.
    /// - Throws: `notFound` when there is no such note; `conflict` when the text is empty; `readOnly`, `diskFull`,
    ///   `inputOutput`.
    public func editNote(_ id: Int, to text: String) throws(RegistryError) -> NoteRecord {
        try checkText(text)
        return try writing { store in
            var row = try store.noteRow(id)
            let old = try row.text("text")
            if old == text { return try store.note(row) }
            row["text"] = .text(text)
            try store.update(row)
            return try store.noteChanged(row, from: old, to: text, environment.now())
        }
    }

    /// Takes a note away; its text stays in the events.
    /// - Returns: the note as it was.
    /// - Throws: `notFound` when there is no such note; `readOnly`, `diskFull`, `inputOutput`.
    public func removeNote(_ id: Int) throws(RegistryError) -> NoteRecord {
        try writing { store in
            let row = try store.noteRow(id)
            try store.delete(row)
            try store.updateRegistry { try $0.add(-1, to: "notes") }
            return try store.noteChanged(row, from: row.text("text"), to: nil, environment.now())
        }
    }

    private func checkText(_ text: String) throws(RegistryError) {
        if text.allSatisfy(\.isWhitespace) { throw .conflict(place: "the note", what: "it has no text") }
    }
}

// MARK: Rows

extension Store {
    /// - Throws: `RegistryError.notFound` when there is no such run or version.
    fileprivate func checkExists(_ subject: Subject) throws {
        switch subject {
        case .run(let number): _ = try runRow(number)
        case .version(let model, let number): _ = try version(number, ofModel: model)
        case .model, .dataset, .all: break
        }
    }

    fileprivate func note(_ row: TableRow) throws -> NoteRecord {
        guard let subject = Subject(text: try row.text("subject")) else { throw row.bad("subject") }
        return NoteRecord(
            id: try row.int("id"), subject: subject, text: try row.text("text"), created: try row.int64("created"))
    }

    /// The row of a note that a person named.
    fileprivate func noteRow(_ id: Int) throws -> TableRow {
        if let row = try row(.note, [.int(id)]) { return row }
        let ids = try connection.all("SELECT id FROM note ORDER BY id DESC", as: Int.self)
        throw RegistryError.notFound(
            reference: "\(id)", what: "no such note",
            exists: ids.isEmpty ? "there is no note" : "there are notes " + list(ids.map(String.init)), near: [])
    }

    fileprivate func noteChanged(_ row: TableRow, from: String?, to: String?, _ now: Int64) throws -> NoteRecord {
        let record = try note(row)
        try addEvent(
            .note, of: record.subject, at: now,
            ["id": JSONValue(record.id), "from": JSONValue(from), "to": JSONValue(to)])
        return record
    }
}

extension TagChange {
    fileprivate var json: JSONValue {
        ["name": .string(name), "from": JSONValue(from), "to": JSONValue(to)]
    }
}
