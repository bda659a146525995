import BPJSON
import BPStore

/// The undo of a deletion, within a transaction.
struct Undoing {
    let store: Store
    let content: DeletedContent
    private let steps: DeletionSteps
    let models: [ModelRow]
    let runs: [RunRow]
    let versions: [VersionRow]
    let aliases: [AliasRow]

    init(_ row: DeletionRow, in store: Store) throws {
        self.store = store
        content = DeletedContent(row, in: store)
        steps = try DeletionSteps(row, in: store)
        models = try content.rows()
        runs = try content.rows()
        versions = try content.rows()
        aliases = try content.rows()
    }

    /// Brings everything back; nothing is in the way.
    func undo(at now: Int64) throws {
        let tags = try content.rows(TagRecord.self).count
        let notes = try content.rows(NoteRecord.self).count
        let pins = try content.rows(PinRecord.self).count
        try content.putBack()
        try store.registry.update { registry in
            registry.models += models.count
            registry.runs += runs.count
            registry.tags += tags
            registry.notes += notes
            registry.pins += pins
        }
        for model in models {
            try add(.model(model.name), model.uuid, now)
        }
        for run in runs {
            var model = try store.models.need(run.model)
            model.runs += 1
            try store.update(model)
            try add(.run(run.id), run.uuid, now)
        }
        for version in versions { try undo(version, now) }
        for alias in aliases {
            var model = try store.models.need(alias.model)
            model.aliases += 1
            try store.update(model)
            try store.events.add(
                .alias, of: .model(model.name), at: now,
                ["alias": .string(alias.name), "from": .null, "to": JSONValue(alias.version)])
        }
        for move in steps.moves {
            guard var model = try store.models.find(name: move.model), model.currentVersion == move.to else { continue }
            model.currentVersion = move.from
            try store.update(model)
            try store.events.add(
                .current, of: .model(move.model), at: now, ["from": JSONValue(move.to), "to": JSONValue(move.from)])
        }
        try checkForks()
    }

    private func undo(_ version: VersionRow, _ now: Int64) throws {
        var model = try store.models.need(version.model)
        model.versions += 1
        try store.update(model)
        var run = try store.runs.need(version.run)
        run.versions += 1
        try store.update(run)
        let subject = Subject.version(model: model.name, number: version.number)
        for id in steps.measures[subject.text] ?? [] {
            guard var measure = try store.evaluations.find(id), measure.run == version.run, measure.version == nil
            else { continue }
            measure.version = version.id
            try store.update(measure)
        }
        try add(subject, version.uuid, now)
    }

    private func add(_ subject: Subject, _ uuid: UUIDv7, _ now: Int64) throws {
        try store.events.add(
            .deletionUndone, of: subject, at: now,
            ["event": JSONValue(content.deletion.id), "uuid": .string(uuid.description)])
    }

    /// A fork whose parent was not deleted with it begins where the parent's record still leads.
    private func checkForks() throws {
        let restored = Set(runs.map(\.id))
        let verifier = Verifier(store)
        for run in runs {
            guard let parent = run.parentRun, !restored.contains(parent) else { continue }
            verifier.check(try store.segments.need(run: run.id, number: 1))
        }
        if let finding = verifier.report.findings.first {
            throw RegistryError.notUndoable(
                what: "\(content.deletion.subject)", why: "it does not fit the registry any more: \(finding)",
                first: nil)
        }
    }
}
