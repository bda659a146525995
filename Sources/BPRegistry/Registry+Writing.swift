import BPJSON
import BPSQLite

extension Registry {
    /// Makes a run, with its model if that is new, in one transaction.
    /// - Throws: `badName`; `notFound` when the dataset is not stored; `readOnly`, `diskFull`, `inputOutput`.
    public func createRun(_ new: NewRun) throws(RegistryError) -> RunWriter {
        let name = try ModelName(new.model)
        return try writer(new.attempt.durability) { store in
            let now = environment.now()
            let dataset = try store.row(.dataset, [.digest(new.dataset)])
            guard let dataset, try dataset.bool("complete") else {
                throw RegistryError.notFound(
                    reference: new.dataset.short, what: "no such dataset", exists: "a run needs a stored one", near: [])
            }
            guard new.iterationsPerEpoch >= 1 else {
                throw RegistryError.conflict(
                    place: "the new run", what: "an epoch of \(new.iterationsPerEpoch) iterations")
            }
            let spec = try store.addSpec(new.specJSON)
            let model = try store.addModel(name, now)
            var number = 0
            try store.updateRegistry { registry in
                try registry.add(1, to: "last_run")
                try registry.add(1, to: "runs")
                number = try registry.int("last_run")
            }
            let chain = Chain.start(spec: spec, dataset: new.dataset)
            let run = new.row(number, store.newUUID(now), model, spec, now)
            let segment = new.segmentRow(run, chain, now)
            let attempt = attemptRow(run, new.attempt, now)
            for row in [run, segment, attempt] { try store.insert(row) }
            for setting in new.settings { try store.insert(setting.row(run)) }
            try store.addEvent(
                "created", of: Subject.run(number), at: now,
                ["model": .string(name.text), "spec": .string(spec.hex), "dataset": .string(new.dataset.hex)])
            return (RunRows(store: store, now: now, run: run, segment: segment, attempt: attempt), nil)
        }
    }

    /// Takes a run over, in one transaction: raises the fence, which stops a process that still wrote to it, ends the
    /// attempt before, and deletes what that one had staged and not completed. The run has then no end.
    /// - Parameter seen: the run as the caller has read it; where it has changed since, nothing is taken over.
    /// - Throws: `notFound`; `alive` when its process lives; `conflict` when it is not as it was seen; `readOnly`,
    ///   `diskFull`, `inputOutput`.
    public func resumeRun(
        _ number: Int, ifUnchanged seen: RunRecord? = nil, attempt settings: AttemptSettings
    ) throws(RegistryError) -> RunWriter {
        try writer(settings.durability) { store in
            let now = environment.now()
            var run = try store.runRow(number)
            if let owner = try store.livingOwner(of: run, environment) {
                throw RegistryError.alive(run: number, owner: owner)
            }
            try seen?.checkUnchanged(run)
            let before = RunWriter.Before(run)
            var previous = try store.need(.attempt, [run["id"], run["attempts"]])
            if previous["ended"] == .null {
                previous["ended"] = run["updated"]
                previous["status"] = .text(RunStatus.interrupted.rawValue)
                try store.update(previous)
            }
            for pending in try store.rows(.keyframe, "WHERE run = ? AND state = 'pending'", [number]) {
                try store.deleteKeyframe(pending)
            }
            try run.add(1, to: "fence")
            try run.add(1, to: "attempts")
            run["updated"] = .integer(now)
            for column in RunWriter.Before.columns { run[column] = .null }
            let attempt = attemptRow(run, settings, now)
            try store.update(run)
            try store.insert(attempt)
            try store.addEvent(
                "resumed", of: Subject.run(number), at: now,
                [
                    "attempt": JSONValue(try run.int("attempts")), "iteration": JSONValue(try run.int("iterations")),
                ])
            let segment = try store.need(.segment, [run["id"], run["head_segment"]])
            return (RunRows(store: store, now: now, run: run, segment: segment, attempt: attempt), before)
        }
    }

    /// A writer on a connection of its own, of which `start` is the first transaction.
    private func writer(
        _ durability: Durability, _ start: (Store) throws -> (rows: RunRows, before: RunWriter.Before?)
    ) throws(RegistryError) -> RunWriter {
        let opening = Opening(path: path, purpose: .writing, durability: durability, environment: environment)
        let store = try opening.store()
        _ = try opening.migrate(store)
        let started = try store.write { try start(store) }
        return try store.translated { try RunWriter(started.rows, before: started.before, store, environment) }
    }

    private func attemptRow(_ run: TableRow, _ settings: AttemptSettings, _ now: Int64) -> TableRow {
        let owner = environment.owner()
        return TableRow(
            .attempt,
            [
                "run": run["id"], "number": run["attempts"], "segment": run["head_segment"], "host": .text(owner.host),
                "boot": .text(owner.boot), "pid_namespace": .text(owner.pidNamespace), "pid": .int(Int(owner.pid)),
                "process_start": .integer(owner.processStart), "lease_until": .integer(now + RunRows.lease),
                "threads": .int(settings.threads), "instruction_set": .text(settings.instructionSet),
                "durability": .text(settings.durability.rawValue), "keep": .text(settings.keep),
                "epoch_limit": .int(settings.epochLimit), "keyframe_policy": .text(settings.keyframePolicyJSON),
                "environment": .text(settings.environmentJSON), "started": .integer(now),
            ])
    }
}

extension Store {
    /// A new UUID for what is made at `now`.
    func newUUID(_ now: Int64) -> UUIDv7 {
        var random = environment.random()
        return UUIDv7(now: now, random: &random)
    }

    fileprivate func addSpec(_ json: String) throws -> SHA256Digest {
        let hash = SHA256.hash(json)
        if try row(.spec, [.digest(hash)]) == nil {
            try insert(TableRow(.spec, ["hash": .digest(hash), "json": .text(json)]))
            try updateRegistry { try $0.add(1, to: "specs") }
        }
        return hash
    }

    /// The key of the model of this name, which gets one more run; it is made if there is none.
    fileprivate func addModel(_ name: ModelName, _ now: Int64) throws -> SQLiteValue {
        if var model = try rows(.model, "WHERE name = ?", [name.text]).first {
            try model.add(1, to: "runs")
            try update(model)
            return model["id"]
        }
        var id: SQLiteValue = .null
        try updateRegistry { registry in
            try registry.add(1, to: "last_model")
            try registry.add(1, to: "models")
            id = registry["last_model"]
        }
        try insert(
            TableRow(
                .model,
                [
                    "id": id, "uuid": .uuid(newUUID(now)), "name": .text(name.text), "last_version": .int(0),
                    "versions": .int(0), "aliases": .int(0), "runs": .int(1), "created": .integer(now),
                ]))
        try addEvent("created", of: Subject.model(name.text), at: now)
        return id
    }
}

extension NewRun {
    fileprivate func row(
        _ number: Int, _ uuid: UUIDv7, _ model: SQLiteValue, _ spec: SHA256Digest, _ now: Int64
    ) -> TableRow {
        var row = TableRow(
            .run,
            [
                "id": .int(number), "uuid": .uuid(uuid), "model": model, "spec": .digest(spec),
                "dataset": .digest(dataset), "iterations_per_epoch": .int(iterationsPerEpoch),
                "has_validation": .bool(hasValidation), "score_name": .string(scoreName), "seconds": .real(0),
                "settings": .int(settings.count), "created": .integer(now), "updated": .integer(now),
            ])
        for column in ["head_segment", "fence", "segments", "attempts"] { row[column] = .int(1) }
        for column in ["versions", "evaluations", "metrics", "iterations", "epochs"] { row[column] = .int(0) }
        return row
    }

    fileprivate func segmentRow(_ run: TableRow, _ chain: SHA256Digest, _ now: Int64) -> TableRow {
        var row = TableRow(
            .segment,
            [
                "run": run["id"], "iterations_per_epoch": .int(iterationsPerEpoch), "chain_start": .digest(chain),
                "chain_end": .digest(chain), "created": .integer(now),
            ])
        for column in ["number", "first_iteration", "first_epoch"] { row[column] = .int(1) }
        for column in [
            "epoch_start", "step_origin", "iterations", "kept_iterations", "epochs", "kept_epochs", "keyframes",
        ] { row[column] = .int(0) }
        return row
    }
}

extension Setting {
    fileprivate func row(_ run: TableRow) -> TableRow {
        TableRow(
            .setting,
            [
                "run": run["id"], "name": .text(name), "kind": .text(value.kind),
                "number": value.number.map { .real($0) } ?? .null, "text": .text(value.text),
            ])
    }
}
