public import BPStore
import BPJSON

extension Registry {
    /// Everything that deleting `subject` would delete. Nothing is changed.
    /// - Throws: `notFound`; `alive` if the process of a run to delete is alive.
    public func deletion(of subject: Subject) throws(RegistryError) -> Deletion {
        try reading { try Deletion(of: subject, in: $0) }
    }

    /// Deletes a run, a version or a model, its rows in one transaction. Content to which nothing refers any more stays
    /// in the file until `gc`. Deleted numbers are never used again, and events are kept.
    /// - Parameters:
    ///   - cascade: whether to delete everything that depends on it too. If a model's current version is deleted, its
    ///     highest remaining version becomes current.
    ///   - seen: the deletion that the caller has confirmed; if it has changed since, nothing is deleted.
    /// - Returns: everything that was deleted.
    /// - Throws: `notFound`; `alive`; `inUse` with the things that depend on it; `conflict` if the deletion differs
    ///   from `seen`; `readOnly`, `diskFull`, `inputOutput`.
    @discardableResult
    public func delete(
        _ subject: Subject, cascade: Bool = false, ifUnchanged seen: Deletion? = nil
    ) throws(RegistryError) -> Deletion {
        try writing { store in
            let deletion = try Deletion(of: subject, in: store)
            guard cascade || deletion.dependents.isEmpty else {
                throw RegistryError.inUse(what: "\(subject)", by: deletion.dependents.map(\.description))
            }
            if let seen, seen != deletion {
                throw RegistryError.conflict(
                    place: "\(subject)", what: "what depends on it has changed since; nothing was deleted")
            }
            // Rows that refer to each other are deleted together.
            try store.deferForeignKeys()
            let deleting = Deleting(store: store, now: environment.now())
            for alias in deletion.aliases { try deleting.delete(alias) }
            for version in deletion.versions { try deleting.delete(version) }
            for run in deletion.runs { try deleting.delete(run) }
            for model in deletion.models { try deleting.delete(model: model) }
            return deletion
        }
    }
}

/// Deletes rows of each kind, updates the counts in other rows, and records an event for each.
private struct Deleting {
    let store: Store
    let now: Int64

    func delete(_ alias: AliasRecord) throws {
        let models = Models(store)
        var model = try models.model(alias.model)
        try store.delete(models.alias(alias.name, of: model))
        model.aliases -= 1
        try store.update(model)
        try store.events.add(
            .alias, of: .model(alias.model), at: now,
            ["alias": .string(alias.name), "from": JSONValue(alias.version), "to": .null])
    }

    func delete(_ version: Subject) throws {
        guard case .version(let name, let number) = version else { return }
        var model = try Models(store).model(name)
        guard let row = try store.versions.find(model: model.id, number: number) else {
            throw store.damaged("version \(version)", "the row is missing")
        }
        try store.versions.delete(row)
        var run = try store.runs.need(row.run)
        run.versions -= 1
        try store.update(run)
        model.versions -= 1
        let wasCurrent = model.currentVersion == number
        if wasCurrent { model.currentVersion = try store.versions.highest(ofModel: model.id) }
        try store.update(model)
        try deleteAnnotations(of: version)
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

    func delete(_ run: Deletion.Run) throws {
        let row = try store.runs.need(run.number)
        try store.runs.delete(row)
        var model = try store.models.need(row.model)
        model.runs -= 1
        try store.update(model)
        try store.registry.update { registry in
            registry.runs -= 1
            registry.pins -= run.pins
        }
        try deleteAnnotations(of: .run(run.number))
        try store.events.add(
            .deleted, of: .run(run.number), at: now,
            [
                "uuid": .string(run.uuid.description), "model": .string(run.model),
                "iterations": JSONValue(run.iterations),
            ])
    }

    func delete(model name: String) throws {
        let model = try Models(store).model(name)
        try store.delete(model)
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
