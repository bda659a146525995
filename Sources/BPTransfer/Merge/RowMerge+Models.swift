import BPJSON
import BPRegistry
import BPStore

// Models and datasets, which several runs share.
extension RowMerge {
    /// The row of a model, inserted if there is none. Its events, aliases and current version follow after all of its
    /// versions.
    func modelRow(_ name: String) throws -> ModelRow {
        if let row = try store.models.find(name: name) { return row }
        guard var row = contents.models.first(where: { $0.row.name == name })?.row else {
            throw RegistryError.unsound(place: "model \(name)", what: "it is not in the record")
        }
        try store.registry.update { registry in
            registry.lastModel += 1
            registry.models += 1
            row.id = registry.lastModel
        }
        (row.versions, row.aliases, row.runs) = (0, 0, 0)
        row.currentVersion = nil
        row.lastVersion = max(try Models(store).lastDeletedVersion(ofModel: name), row.lastVersion)
        try store.insert(row)
        // If this very model was deleted here, what is recorded of it continues.
        let subject = Subject.model(name)
        if let deleted = try store.events.last(.deleted, of: subject),
            (try? JSONValue(parsing: deleted.detailJSON))?["uuid"]?.string == row.uuid.description
        {
            try store.events.add(
                .restored, of: subject, at: now,
                ["uuid": .string(row.uuid.description), "registry": .string(contents.registry.description)])
        }
        return row
    }

    /// Adds the aliases whose names are free, a current version if there is none, and the events of a new model.
    func complete(_ model: TransferContents.Model) throws {
        var row = try modelRow(model.row.name)
        let before = row
        let subject = Subject.model(row.name)
        // A model that was created here has an event that records it. Without the event the model comes from a
        // restoration, which is completed now.
        let isNew = try !store.events.all(of: subject).contains { $0.kind == .created }
        var after: [(kind: EventKind, detail: JSONValue)] = []
        for (alias, uuid) in model.aliases {
            guard let version = restoration.versions[uuid] else { continue }
            if let known = try store.aliases.find(model: row.id, name: alias.name) {
                if known.version != version {
                    restoration.report.notes.append(
                        "\(row.name)@\(alias.name) stays at \(row.name):\(known.version); it was \(row.name):\(version)"
                    )
                }
                continue
            }
            var alias = alias
            (alias.model, alias.version) = (row.id, version)
            try store.insert(alias)
            row.aliases += 1
            if !isNew {
                after.append((.alias, ["alias": .string(alias.name), "from": .null, "to": JSONValue(version)]))
            }
        }
        let current = model.current.flatMap { restoration.versions[$0] }
        if row.currentVersion == nil {
            row.currentVersion = try current ?? store.versions.highest(ofModel: row.id)
            if let now = row.currentVersion, !isNew || current == nil {
                after.append((.current, ["from": .null, "to": JSONValue(now)]))
            }
        }
        if row != before { try store.update(row) }
        if isNew {
            let canUndo = current != nil && isWhole(model)
            let left: Set<EventKind> = canUndo ? [] : [.rolledBack, .rollbackUndone]
            try append(model.events.filter { !left.contains($0.kind) }.map { (subject, $0) })
        }
        for event in after { try store.events.add(event.kind, of: subject, at: now, event.detail) }
    }

    /// Whether the source holds every version to which a rollback of the model refers.
    private func isWhole(_ model: TransferContents.Model) -> Bool {
        let versions = contents.runs.lazy.flatMap(\.versions).filter { $0.model == model.row.name }
        let numbers = Set(versions.map(\.row.number))
        return model.events.allSatisfy { event in
            guard event.kind == .rolledBack || event.kind == .rollbackUndone else { return true }
            return ["from", "to"].allSatisfy { event.detail[$0]?.int.map(numbers.contains) ?? true }
        }
    }

    /// Adds a dataset that is not here, or completes one without content.
    func merge(_ dataset: TransferContents.Dataset) throws {
        var row = dataset.row
        let subject = Subject.dataset(row.hash)
        var outcome = RestoreReport.Outcome.added
        if let known = try store.datasets.find(row.hash) {
            row = known
            let isStored = dataset.row.isStored
            if known.isComplete && (known.isStored || !isStored) {
                outcome = .alreadyThere
            } else {
                row.isComplete = true
                if isStored { row.isStored = true }
                try store.update(row)
                try store.events.add(.stored, of: subject, at: now, ["content": .bool(isStored)])
            }
        } else {
            row.columnCount = dataset.columns.count
            row.isComplete = true
            try store.insert(row)
            for var column in dataset.columns {
                column.dataset = row.hash
                try store.insert(column)
            }
            try store.registry.update { $0.datasets += 1 }
            try append(dataset.events.map { (subject, $0) })
        }
        restoration.report.datasets.append(
            RestoreReport.Dataset(hash: row.hash, name: row.name, outcome: outcome, isStored: row.isStored))
    }
}
