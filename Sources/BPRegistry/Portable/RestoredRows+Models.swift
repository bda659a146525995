import BPStore
import BPJSON
import BPSQLite

// Models and datasets, which runs share.
extension RestoredRows {
    /// The row of a model, made as it was if there is none. What happened to it, its aliases and its current version
    /// follow when all of its versions are there.
    func modelRow(_ name: String) throws -> TableRow {
        if let row = try store.rows(.model, "WHERE name = ?", [name]).first { return row }
        guard let model = record.models.first(where: { $0.name == name }) else {
            throw RegistryError.unsound(place: "model \(name)", what: "it is not in the record")
        }
        var row = model.row
        try store.updateRegistry { registry in
            try registry.add(1, to: "last_model")
            try registry.add(1, to: "models")
            row["id"] = registry["last_model"]
        }
        for column in ["versions", "aliases", "runs"] { row[column] = .int(0) }
        row["current_version"] = .null
        let deleted = try store.lastDeletedVersion(ofModel: name)
        row["last_version"] = .int(max(deleted, try row.int("last_version")))
        try store.insert(row)
        return row
    }

    /// Aliases whose names are free, a current version where there is none, and what happened to a model that is new.
    func finish(_ model: DecodedRecord.Model) throws {
        var row = try modelRow(model.name)
        let subject = Subject.model(model.name)
        // Whoever makes a model here says so: without that it came by a restoration, which is finished now.
        let isNew: Bool = try store.connection.value(
            "SELECT NOT EXISTS (SELECT 1 FROM event WHERE subject = ? AND kind = 'created')", [subject.text])
        var after: [(kind: EventKind, detail: JSONValue)] = []
        for (alias, uuid) in model.aliases {
            guard let version = restorer.versions[uuid] else { continue }
            var alias = alias
            alias["model"] = row["id"]
            alias["version"] = .int(version)
            let name = try alias.text("name")
            if let known = try store.row(.alias, Array(alias.key)) {
                let other = try known.int("version")
                if other != version {
                    restorer.report.notes.append(
                        "\(model.name)@\(name) stays at \(model.name):\(other); it was \(model.name):\(version)")
                }
                continue
            }
            try store.insert(alias)
            try row.add(1, to: "aliases")
            if !isNew {
                let to = JSONValue(version)
                after.append((.alias, ["alias": .string(name), "from": .null, "to": to]))
            }
        }
        let current = model.current.flatMap { restorer.versions[$0] }
        if row["current_version"] == .null {
            let newest = try store.connection.first(
                "SELECT max(number) FROM version WHERE model = ?", [row["id"]], as: Int?.self)
            row["current_version"] = .int(current ?? newest ?? nil)
            if row["current_version"] != .null, !isNew || current == nil {
                let to = JSONValue(try row.optionalInt("current_version"))
                after.append((.current, ["from": .null, "to": to]))
            }
        }
        if row.values != (try modelRow(model.name)).values { try store.update(row) }
        if isNew {
            let canUndo = current != nil && isWhole(model)
            let left: Set<EventKind> = canUndo ? [] : [EventKind.rolledBack, EventKind.rollbackUndone]
            try append(model.events.filter { !left.contains($0.kind) }.map { (subject, $0) })
        }
        for event in after { try store.addEvent(event.kind, of: subject, at: now, event.detail) }
    }

    /// Whether every version that the model's moves name came along.
    private func isWhole(_ model: DecodedRecord.Model) -> Bool {
        let numbers = Set(record.runs.lazy.flatMap(\.versions).filter { $0.model == model.name }.map(\.number))
        return model.events.allSatisfy { event in
            guard event.kind == .rolledBack || event.kind == .rollbackUndone else {
                return true
            }
            return ["from", "to"].allSatisfy { event.detail[$0]?.int.map(numbers.contains) ?? true }
        }
    }

    /// A dataset that is not here, or whose content is not.
    func restore(_ dataset: DecodedRecord.Dataset) throws {
        let subject = Subject.dataset(dataset.hash)
        let known = try store.row(.dataset, [.digest(dataset.hash)])
        var row = known ?? dataset.row
        var outcome = RestoreReport.Outcome.added
        if let known {
            let isEnough = try known.bool("complete") && (known.bool("stored") || !dataset.isStored)
            if isEnough { outcome = .alreadyThere }
            row["complete"] = .bool(true)
            if dataset.isStored { row["stored"] = .bool(true) }
            if !isEnough {
                try store.update(row)
                try store.addEvent(.stored, of: subject, at: now, ["content": .bool(dataset.isStored)])
            }
        } else {
            row["columns"] = .int(dataset.columns.count)
            row["complete"] = .bool(true)
            try store.insert(row)
            for var column in dataset.columns {
                column["dataset"] = row["hash"]
                try store.insert(column)
            }
            try store.updateRegistry { try $0.add(1, to: "datasets") }
            try append(dataset.events.map { (subject, $0) })
        }
        restorer.report.datasets.append(
            RestoreReport.Dataset(
                hash: dataset.hash, name: try row.text("name"), outcome: outcome, isStored: try row.bool("stored")))
    }
}
