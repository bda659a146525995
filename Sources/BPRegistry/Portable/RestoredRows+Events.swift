import BPStore
import BPJSON
import BPSQLite

// Tags, notes and events, under the numbers that things have here.
extension RestoredRows {
    /// Attaches to runs and versions what was attached to them, and appends what happened to them, in its order.
    func attach(to things: [(subject: Subject, attached: DecodedRecord.Attached)]) throws {
        var tags = 0
        for (subject, attached) in things {
            for var tag in attached.tags {
                tag["subject"] = .text(subject.text)
                guard try store.row(.tag, Array(tag.key)) == nil else { continue }
                try store.insert(tag)
                tags += 1
            }
        }
        try store.updateRegistry { try $0.add(tags, to: "tags") }
        let notes = try attachNotes(to: things)
        let events = things.flatMap { thing in thing.attached.events.map { (subject: thing.subject, event: $0) } }
        try append(events.sorted { $0.event.id < $1.event.id }, notes: notes)
    }

    /// - Returns: the number here of each note that there is, and of those that are told of alone.
    private func attachNotes(
        to things: [(subject: Subject, attached: DecodedRecord.Attached)]
    ) throws -> [Int: Int] {
        var numbers: [Int: Int] = [:]
        var last = try store.need(.registry, [.integer(1)]).optionalInt("last_note") ?? 0
        var (taken, count) = ([(id: Int, subject: Subject)](), 0)
        for (subject, attached) in things {
            var ids = Set(try attached.notes.map { try $0.int("id") })
            for event in attached.events where event.kind == .note {
                if let id = event.detail["id"]?.int, (1...RecordReader.largestNumber).contains(id) { ids.insert(id) }
            }
            for id in ids.sorted() {
                if try isFreeNote(id, subject) {
                    numbers[id] = id
                    last = max(last, id)
                } else {
                    taken.append((id, subject))
                }
            }
        }
        for (id, _) in taken where numbers[id] == nil {
            last += 1
            numbers[id] = last
        }
        for (subject, attached) in things {
            for var note in attached.notes {
                note["subject"] = .text(subject.text)
                note["id"] = .int(numbers[try note.int("id")])
                guard try store.row(.note, [note["id"]]) == nil else { continue }
                try store.insert(note)
                count += 1
            }
        }
        if last > 0 {
            try store.updateRegistry { registry in
                registry["last_note"] = .int(last)
                try registry.add(count, to: "notes")
            }
        }
        return numbers
    }

    /// Whether no other note has, or had, this number.
    private func isFreeNote(_ id: Int, _ subject: Subject) throws -> Bool {
        if try store.row(.note, [.int(id)]) != nil { return false }
        return try store.connection.first(
            "SELECT 1 FROM event WHERE kind = 'note' AND detail LIKE ? AND subject <> ? LIMIT 1",
            ["%\"id\":\(id),%", subject.text], as: Int.self) == nil
    }

    /// Appends events that are not there yet. Whoever's event names another by its number names it by the one here.
    func append(_ events: [(subject: Subject, event: DecodedRecord.Event)], notes: [Int: Int] = [:]) throws {
        var known: [Subject: [TableRow]] = [:]
        var numbers: [Int: Int] = [:]
        for (subject, event) in events {
            if known[subject] == nil {
                known[subject] = try store.rows(.event, "WHERE subject = ? ORDER BY id", [subject.text])
            }
            let detail = try mapped(event, subject, numbers, notes).serialized
            let same = known[subject]?.firstIndex {
                $0["at"] == .integer(event.at) && $0["kind"] == .text(event.kind.rawValue)
                    && $0["detail"] == .text(detail)
            }
            if let same, let row = known[subject]?.remove(at: same) {
                numbers[event.id] = try row.int("id")
                continue
            }
            try store.updateRegistry { registry in
                try registry.add(1, to: "events")
                numbers[event.id] = try registry.int("events")
                try store.insert(
                    TableRow(
                        .event,
                        [
                            "id": registry["events"], "at": .integer(event.at), "subject": .text(subject.text),
                            "kind": .text(event.kind.rawValue), "detail": .text(detail),
                        ]))
            }
        }
    }

    /// The detail of an event, its numbers those that things have here.
    private func mapped(
        _ event: DecodedRecord.Event, _ subject: Subject, _ events: [Int: Int], _ notes: [Int: Int]
    ) throws -> JSONValue {
        guard var detail = event.detail.object else { return event.detail }
        func map(_ name: String, _ number: (Int) -> Int?) {
            if let old = detail[name]?.int, let new = number(old) { detail[name] = JSONValue(new) }
        }
        switch (subject, event.kind) {
        case (.run, .created):
            if var parent = detail["parent"]?.object, let old = parent["run"]?.int, let new = run(old) {
                parent["run"] = JSONValue(new)
                detail["parent"] = .object(parent)
            }
        case (.version, .created):
            map("run", run)
            if let copied = detail["from"]?.string, let version = version(copied) { detail["from"] = .string(version) }
        case (.model(let model), .current), (.model(let model), .alias), (.model(let model), .rolledBack),
            (.model(let model), .rollbackUndone):
            for name in ["from", "to"] {
                map(name) { version("\(model):\($0)").flatMap { Int($0.dropFirst(model.count + 1)) } }
            }
        case (_, .note): map("id") { notes[$0] }
        default: break
        }
        if event.kind == .rollbackUndone {
            guard let old = detail["event"]?.int, let new = events[old] else {
                throw RegistryError.unsound(place: "event \(event.id)", what: "what it undoes is not in the record")
            }
            detail["event"] = JSONValue(new)
        }
        return .object(detail)
    }

    /// The number here of a run that had this one.
    private func run(_ archived: Int) -> Int? {
        restorer.archivedRuns[archived].flatMap { restorer.runs[$0] }
    }

    /// The name here of a version that had this one.
    private func version(_ archived: String) -> String? {
        guard let number = restorer.archivedVersions[archived].flatMap({ restorer.versions[$0] }) else { return nil }
        return archived.prefix { $0 != ":" } + ":\(number)"
    }
}
