import BPJSON
public import BPStore
import BPText

/// A change of a tag: it was set, changed or removed.
public struct TagChange: Sendable, Equatable {
    /// The run or the version.
    public let subject: Subject
    /// Its name.
    public let name: String
    /// The value before; nil if it is new.
    public let from: String?
    /// The value now; nil if it was removed.
    public let to: String?
}

// MARK: Tags

extension SnapshotReading {
    /// The tags of a run or a version, by name.
    /// - Throws: `notFound` if there is no such run or version.
    public func tags(of subject: Subject) throws(RegistryError) -> [TagRecord] {
        try reading { store in
            try subject.checkExists(in: store)
            return try store.tags.all(of: subject)
        }
    }

    /// The notes of a run or a version, oldest first.
    /// - Throws: `notFound` if there is no such run or version.
    public func notes(of subject: Subject) throws(RegistryError) -> [NoteRecord] {
        try reading { store in
            try subject.checkExists(in: store)
            return try store.notes.all(of: subject)
        }
    }
}

extension Registry {
    /// Sets a tag of a run or a version, or changes its value. Setting the same value again changes nothing.
    /// - Throws: `badName`; `notFound` if there is no such run or version; `readOnly`, `diskFull`, `inputOutput`.
    public func setTag(
        _ name: String, to value: String, of subject: Subject
    ) throws(RegistryError) -> TagChange {
        let name = try ModelName(name).text
        return try writing { store in
            try subject.checkExists(in: store)
            let now = environment.now()
            let tag = TagRecord(subject: subject, name: name, value: value, created: now)
            let known = try store.tags.find(subject: subject, name: name)
            let change = TagChange(subject: subject, name: name, from: known?.value, to: value)
            if change.from == value { return change }
            try known == nil ? store.tags.insert(tag) : store.update(tag)
            try store.events.add(.tag, of: subject, at: now, change.json)
            return change
        }
    }

    /// Removes a tag.
    /// - Throws: `notFound` with the tags that exist; `readOnly`, `diskFull`, `inputOutput`.
    public func removeTag(_ name: String, of subject: Subject) throws(RegistryError) -> TagChange {
        try writing { store in
            try subject.checkExists(in: store)
            guard let tag = try store.tags.find(subject: subject, name: name) else {
                let names = try store.tags.all(of: subject).map(\.name)
                throw RegistryError.notFound(
                    reference: name, what: "\(subject) has no such tag",
                    exists: names.isEmpty ? "it has no tag" : "it has " + list(names),
                    near: NearNames.of(name, among: names))
            }
            try store.tags.delete(tag)
            let change = TagChange(subject: subject, name: name, from: tag.value, to: nil)
            try store.events.add(.tag, of: subject, at: environment.now(), change.json)
            return change
        }
    }
}

// MARK: Notes

extension Registry {
    /// Adds a note to a run or a version.
    /// - Throws: `notFound` if there is no such run or version; `conflict` if the text is empty; `readOnly`, `diskFull`,
    ///   `inputOutput`.
    public func addNote(_ text: String, to subject: Subject) throws(RegistryError) -> NoteRecord {
        try checkText(text)
        return try writing { store in
            try subject.checkExists(in: store)
            let now = environment.now()
            let note = try store.notes.add(text, to: subject, at: now)
            try note.addEvent(from: nil, to: text, now, in: store)
            return note
        }
    }

    /// Changes the text of a note. Setting the same text again changes nothing.
    /// - Throws: `notFound` if there is no such note; `conflict` if the text is empty; `readOnly`, `diskFull`,
    ///   `inputOutput`.
    public func editNote(_ id: Int, to text: String) throws(RegistryError) -> NoteRecord {
        try checkText(text)
        return try writing { store in
            var note = try note(id, in: store)
            let old = note.text
            if old == text { return note }
            note.text = text
            try store.update(note)
            try note.addEvent(from: old, to: text, environment.now(), in: store)
            return note
        }
    }

    /// Removes a note; the events keep its text.
    /// - Returns: the note as it was.
    /// - Throws: `notFound` if there is no such note; `readOnly`, `diskFull`, `inputOutput`.
    public func removeNote(_ id: Int) throws(RegistryError) -> NoteRecord {
        try writing { store in
            let note = try note(id, in: store)
            try store.notes.delete(note)
            try note.addEvent(from: note.text, to: nil, environment.now(), in: store)
            return note
        }
    }

    private func checkText(_ text: String) throws(RegistryError) {
        if text.allSatisfy(\.isWhitespace) { throw .conflict(place: "the note", what: "it has no text") }
    }

    /// The note that a person named.
    private func note(_ id: Int, in store: Store) throws -> NoteRecord {
        if let note = try store.notes.find(id) { return note }
        let ids = try store.notes.all().map { "\($0.id)" }
        throw RegistryError.notFound(
            reference: "\(id)", what: "no such note",
            exists: ids.isEmpty ? "there is no note" : "there are notes " + list(ids), near: [])
    }
}

extension Subject {
    /// - Throws: `RegistryError.notFound` if there is no such run or version.
    fileprivate func checkExists(in store: Store) throws {
        switch self {
        case .run(let number): _ = try RunRow(named: number, in: store)
        case .version(let model, let number): _ = try Models(store).version(number, ofModel: model)
        case .model, .dataset, .all: break
        }
    }
}

extension NoteRecord {
    fileprivate func addEvent(from: String?, to: String?, _ now: Int64, in store: Store) throws {
        try store.events.add(
            .note, of: subject, at: now, ["id": JSONValue(id), "from": JSONValue(from), "to": JSONValue(to)])
    }
}

extension TagChange {
    fileprivate var json: JSONValue {
        ["name": .string(name), "from": JSONValue(from), "to": JSONValue(to)]
    }
}
