public import BPStore
import BPJSON
import BPSQLite

extension Registry {
    /// What deleting `subject` would take along. Nothing is changed.
    /// - Throws: `notFound`; `alive` when a run that would go is at work.
    public func deletion(of subject: Subject) throws(RegistryError) -> Deletion {
        try reading { try $0.deletion(of: subject) }
    }

    /// Deletes a run, a version or a model, its rows in one transaction. The content that nothing refers to any more
    /// stays in the file until `gc`. Numbers that were given are not given again, and events stay.
    /// - Parameters:
    ///   - cascade: whether what depends on it goes too. A model whose current version goes has its highest other one
    ///     for current.
    ///   - seen: what the caller was told would go; where it is not that any more, nothing is deleted.
    /// - Returns: what went.
    /// - Throws: `notFound`; `alive`; `inUse` telling what depends on it; `conflict` when it is not as it was seen;
    ///   `readOnly`, `diskFull`, `inputOutput`.
    @discardableResult
    public func delete(
        _ subject: Subject, cascade: Bool = false, ifUnchanged seen: Deletion? = nil
    ) throws(RegistryError) -> Deletion {
        try writing { store in
            let deletion = try store.deletion(of: subject)
            guard cascade || deletion.dependents.isEmpty else {
                throw RegistryError.inUse(what: "\(subject)", by: deletion.dependents.map(\.description))
            }
            if let seen, seen != deletion {
                throw RegistryError.conflict(
                    place: "\(subject)", what: "what depends on it has changed since; nothing was deleted")
            }
            // Rows that refer to each other go together.
            try store.connection.execute(script: "PRAGMA defer_foreign_keys = ON")
            let now = environment.now()
            for alias in deletion.aliases { try store.delete(alias, now) }
            for version in deletion.versions { try store.delete(version, now) }
            for run in deletion.runs { try store.delete(run, now) }
            for model in deletion.models { try store.deleteModel(model, now) }
            return deletion
        }
    }
}

// The rows of each kind, and the counts that other rows keep of them.
extension Store {
    fileprivate func delete(_ alias: Deletion.Alias, _ now: Int64) throws {
        var model = try modelRow(alias.model)
        try delete(aliasRow(alias.name, of: model))
        try model.add(-1, to: "aliases")
        try update(model)
        try addEvent(
            .alias, of: Subject.model(alias.model), at: now,
            ["alias": .string(alias.name), "from": JSONValue(alias.version), "to": .null])
    }

    fileprivate func delete(_ version: Deletion.Version, _ now: Int64) throws {
        var model = try modelRow(version.model)
        let found = try rows(.version, "WHERE model = ? AND number = ?", [model["id"], version.number])
        guard let row = found.first else { throw damaged("version \(version)", "the row is missing") }
        // What was measured of it stays a measure of the run.
        for var evaluation in try rows(.evaluation, "WHERE run = ? AND version = ?", [row["run"], row["id"]]) {
            evaluation["version"] = .null
            try update(evaluation)
        }
        try connection.execute("DELETE FROM version_tensor WHERE version = ?", [row["id"]])
        try delete(row)
        var run = try need(.run, [row["run"]])
        try run.add(-1, to: "versions")
        try update(run)
        try model.add(-1, to: "versions")
        let wasCurrent = try model.optionalInt("current_version") == version.number
        if wasCurrent {
            model["current_version"] = .int(
                try connection.value("SELECT max(number) FROM version WHERE model = ?", [model["id"]], as: Int?.self))
        }
        try update(model)
        try deleteAnnotations(of: Subject.version(model: version.model, number: version.number))
        try addEvent(
            .deleted, of: Subject.version(model: version.model, number: version.number), at: now,
            [
                "uuid": .string(try row.uuid("uuid").description), "run": JSONValue(try row.int("run")),
                "iteration": JSONValue(try row.int("iteration")),
            ])
        if wasCurrent {
            try addEvent(
                .current, of: Subject.model(version.model), at: now,
                ["from": JSONValue(version.number), "to": JSONValue(try model.optionalInt("current_version"))])
        }
    }

    fileprivate func delete(_ deleted: Deletion.Run, _ now: Int64) throws {
        let run = try need(.run, [.int(deleted.number)])
        // The tensors themselves are left to gc, which needs no long transaction for them.
        try connection.execute(
            "DELETE FROM keyframe_tensor WHERE keyframe IN (SELECT id FROM keyframe WHERE run = ?)", [deleted.number])
        let tables = [
            "keyframe", "iteration_block", "epoch", "evaluation", "pin", "metric", "setting", "attempt", "segment",
        ]
        for table in tables { try connection.execute("DELETE FROM \(table) WHERE run = ?", [deleted.number]) }
        try delete(run)
        var model = try need(.model, [run["model"]])
        try model.add(-1, to: "runs")
        try update(model)
        try updateRegistry { registry in
            try registry.add(-1, to: "runs")
            try registry.add(-deleted.pins, to: "pins")
        }
        try deleteAnnotations(of: Subject.run(deleted.number))
        try addEvent(
            .deleted, of: Subject.run(deleted.number), at: now,
            [
                "uuid": .string(deleted.uuid.description), "model": .string(deleted.model),
                "iterations": JSONValue(deleted.iterations),
            ])
    }

    fileprivate func deleteModel(_ name: String, _ now: Int64) throws {
        let model = try modelRow(name)
        try delete(model)
        try updateRegistry { try $0.add(-1, to: "models") }
        // A later model of this name goes on with the numbers of its versions.
        try addEvent(
            .deleted, of: Subject.model(name), at: now,
            [
                "uuid": .string(try model.uuid("uuid").description),
                "last_version": JSONValue(try model.int("last_version")),
            ])
    }

    private func deleteAnnotations(of subject: Subject) throws {
        for (table, column) in [("tag", "tags"), ("note", "notes")] {
            try connection.execute("DELETE FROM \(table) WHERE subject = ?", [subject.text])
            let count = connection.changes
            if count > 0 { try updateRegistry { try $0.add(-count, to: column) } }
        }
    }
}

extension Store {
    /// The highest number that was given to versions of models of this name that are deleted; 0 where there was none.
    package func lastDeletedVersion(ofModel name: String) throws -> Int {
        let events = try rows(
            .event, "WHERE subject = ? AND kind = ? ORDER BY id DESC LIMIT 1",
            [Subject.model(name).text, EventKind.deleted.rawValue])
        guard let event = events.first else { return 0 }
        guard let number = try? JSONValue(parsing: event.text("detail"))["last_version"]?.int else {
            throw event.bad("detail")
        }
        return number
    }
}
