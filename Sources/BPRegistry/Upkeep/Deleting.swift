import BPJSON
import BPStore

/// Deletes rows of each kind, updates the counts in other rows, and records an event for each.
struct Deleting {
    let store: Store
    let now: Int64
    /// The store of the rows to keep, so that the deletion can be undone; nil if it is for good.
    var content: DeletedContent?
    private var steps = DeletionSteps()

    init(store: Store, now: Int64, content: DeletedContent?) {
        (self.store, self.now, self.content) = (store, now, content)
    }

    mutating func delete(_ deletion: Deletion) throws {
        for alias in deletion.aliases { try delete(alias) }
        for version in deletion.versions { try delete(version) }
        for run in deletion.runs { try delete(run) }
        for model in deletion.models { try delete(model: model) }
        try content?.finish(steps.json(of: deletion))
    }

    private mutating func delete(_ alias: AliasRecord) throws {
        let models = Models(store)
        var model = try models.model(alias.model)
        let row = try models.alias(alias.name, of: model)
        if content != nil { try content?.keep(row) } else { try store.delete(row) }
        model.aliases -= 1
        try store.update(model)
        try store.events.add(
            .alias, of: .model(alias.model), at: now,
            ["alias": .string(alias.name), "from": JSONValue(alias.version), "to": .null])
    }

    private mutating func delete(_ version: Subject) throws {
        guard case .version(let name, let number) = version else { return }
        var model = try Models(store).model(name)
        guard let row = try store.versions.find(model: model.id, number: number) else {
            throw store.damaged("version \(version)", "the row is missing")
        }
        if content != nil {
            steps.measures[version.text] = try store.versions.releaseMeasures(of: row)
            try content?.keep(row)
            try content?.keepAnnotations(of: version)
        } else {
            try store.versions.delete(row)
            try deleteAnnotations(of: version)
        }
        var run = try store.runs.need(row.run)
        run.versions -= 1
        try store.update(run)
        model.versions -= 1
        let wasCurrent = model.currentVersion == number
        if wasCurrent {
            model.currentVersion = try store.versions.highest(ofModel: model.id)
            steps.addMove(of: name, from: number, to: model.currentVersion)
        }
        try store.update(model)
        try store.events.add(
            .deleted, of: version, at: now,
            [
                "uuid": .string(row.uuid.description), "run": JSONValue(row.run),
                "iteration": JSONValue(row.iteration),
            ])
        if wasCurrent {
            try store.events.add(
                .current, of: .model(name), at: now,
                ["from": JSONValue(number), "to": JSONValue(model.currentVersion)])
        }
    }

    private mutating func delete(_ run: Deletion.Run) throws {
        let row = try store.runs.need(run.number)
        if content != nil {
            try content?.keep(row)
            try content?.keepAnnotations(of: .run(run.number))
        } else {
            try store.runs.delete(row)
            try deleteAnnotations(of: .run(run.number))
        }
        var model = try store.models.need(row.model)
        model.runs -= 1
        try store.update(model)
        try store.registry.update { registry in
            registry.runs -= 1
            registry.pins -= run.pins
        }
        try store.events.add(
            .deleted, of: .run(run.number), at: now,
            [
                "uuid": .string(run.uuid.description), "model": .string(run.model),
                "iterations": JSONValue(run.iterations),
            ])
    }

    private mutating func delete(model name: String) throws {
        let model = try Models(store).model(name)
        if content != nil { try content?.keep(model) } else { try store.delete(model) }
        try store.registry.update { $0.models -= 1 }
        // A later model of this name continues the numbers of its versions.
        try store.events.add(
            .deleted, of: .model(name), at: now,
            ["uuid": .string(model.uuid.description), "last_version": JSONValue(model.lastVersion)])
    }

    private func deleteAnnotations(of subject: Subject) throws {
        try store.tags.deleteAll(of: subject)
        try store.notes.deleteAll(of: subject)
    }
}
