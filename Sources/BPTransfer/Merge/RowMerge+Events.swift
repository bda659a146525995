import BPJSON
import BPRegistry
import BPStore

// Tags, notes and events, with the numbers of runs and versions in this registry.
extension RowMerge {
    /// A run or a version, with its name here and its annotations in the source.
    typealias Annotated = (subject: Subject, annotations: TransferContents.Annotations)

    /// Adds the annotations of a run and of its versions.
    /// - Parameter attempts: the number here of each attempt of the run, if it is another than in the source.
    func annotate(
        _ run: Subject, _ annotations: TransferContents.Annotations, versions: [TransferContents.Version],
        attempts: [Int: Int] = [:]
    ) throws {
        try annotate([(run, annotations)] + versions.map(annotated), attempts: attempts)
    }

    /// Adds the annotations of versions.
    func annotate(versions: [TransferContents.Version]) throws { try annotate(versions.map(annotated)) }

    private func annotated(_ version: TransferContents.Version) -> Annotated {
        let number = restoration.versions[version.uuid] ?? 0
        return (.version(model: version.model, number: number), version.annotations)
    }

    /// Adds tags, notes and events, the events in the order in which they were recorded.
    private func annotate(_ things: [Annotated], attempts: [Int: Int] = [:]) throws {
        var tags = 0
        for (subject, annotations) in things {
            for var tag in annotations.tags {
                tag.subject = subject
                guard try store.tags.find(subject: subject, name: tag.name) == nil else { continue }
                try store.insert(tag)
                tags += 1
            }
        }
        try store.registry.update { $0.tags += tags }
        let notes = try addNotes(of: things)
        let events = things.flatMap { thing in thing.annotations.events.map { (subject: thing.subject, event: $0) } }
        try append(events.sorted { $0.event.id < $1.event.id }, notes: notes, attempts: attempts)
    }

    /// - Returns: the number here of each note, including deleted notes, which events still mention.
    private func addNotes(of things: [Annotated]) throws -> [Int: Int] {
        var numbers: [Int: Int] = [:]
        var last = try store.registry.need().lastNote ?? 0
        var (taken, count) = ([Int](), 0)
        for (subject, annotations) in things {
            var ids = Set(annotations.notes.map(\.id))
            for event in annotations.events where event.kind == .note {
                if let id = event.detail["id"]?.int, (1...DocumentReader.largestNumber).contains(id) { ids.insert(id) }
            }
            for id in ids.sorted() {
                if try store.notes.isTaken(id, byOtherThan: subject) {
                    taken.append(id)
                } else {
                    numbers[id] = id
                    last = max(last, id)
                }
            }
        }
        for id in taken where numbers[id] == nil {
            last += 1
            numbers[id] = last
        }
        for (subject, annotations) in things {
            for var note in annotations.notes {
                note.subject = subject
                note.id = numbers[note.id] ?? note.id
                guard try store.notes.find(note.id) == nil else { continue }
                try store.insert(note)
                count += 1
            }
        }
        if last > 0 {
            try store.registry.update { registry in
                registry.lastNote = last
                registry.notes += count
            }
        }
        return numbers
    }

    /// Appends events that are not here yet. An event that refers to another by its number gets the number here.
    func append(
        _ events: [(subject: Subject, event: TransferContents.Event)], notes: [Int: Int] = [:],
        attempts: [Int: Int] = [:]
    ) throws {
        var known: [Subject: [EventRecord]] = [:]
        var moves: [Subject: [RollbackMove: Int]] = [:]
        var numbers: [Int: Int] = [:]
        let all = events.map(\.event)
        for (subject, event) in events {
            if known[subject] == nil { known[subject] = try store.events.all(of: subject) }
            if case .run(let run) = subject, let move = RollbackMove(event, in: all) {
                if moves[subject] == nil { moves[subject] = try RollbackMove.all(of: run, in: store) }
                if let same = moves[subject]?[move] {
                    numbers[event.id] = same
                    continue
                }
            }
            let detail = try mapped(event, subject, numbers, notes, attempts)
            let text = detail.serialized
            let same = known[subject]?.firstIndex {
                $0.at == event.at && $0.kind == event.kind && $0.detailJSON == text
            }
            if let same, let row = known[subject]?.remove(at: same) {
                numbers[event.id] = row.id
            } else {
                numbers[event.id] = try store.events.add(event.kind, of: subject, at: event.at, detail)
            }
        }
    }

    /// The detail of an event, with the numbers of runs and versions in this registry.
    private func mapped(
        _ event: TransferContents.Event, _ subject: Subject, _ events: [Int: Int], _ notes: [Int: Int],
        _ attempts: [Int: Int]
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
        case (.run, .resumed), (.run, .ended), (.run, .givenBack): map("attempt") { attempts[$0] }
        case (_, .note): map("id") { notes[$0] }
        default: break
        }
        if event.kind == .rollbackUndone {
            guard let old = detail["event"]?.int, let new = events[old] else {
                throw RegistryError.unsound(place: "event \(event.id)", what: "the rollback that it undoes is missing")
            }
            detail["event"] = JSONValue(new)
        } else if event.kind == .deletionUndone || event.kind == .deletionEnded {
            // The deletion may have been that of something which is not in the source.
            detail["event"] = detail["event"]?.int.flatMap { events[$0] }.map { JSONValue($0) }
        }
        return .object(detail)
    }

    /// The number here of the run with this number in the source.
    private func run(_ archived: Int) -> Int? {
        restoration.archivedRuns[archived].flatMap { restoration.runs[$0] }
    }

    /// The name here of the version with this number in the source.
    private func version(_ archived: String) -> String? {
        guard let number = restoration.archivedVersions[archived].flatMap({ restoration.versions[$0] }) else {
            return nil
        }
        return archived.prefix { $0 != ":" } + ":\(number)"
    }
}
