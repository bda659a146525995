package import BPStore
import BPJSON
import BPSQLite

extension Registry {
    /// Makes a run, with its model if that is new, in one transaction. A fork goes on with the iterations and epochs of
    /// its parent, which may be alive; its own record, and with it its best epoch, begins empty.
    /// - Throws: `badName`; `notFound` when the dataset is not stored, or the fork's parent is not there; `conflict` when
    ///   a fork with another number of iterations in an epoch begins within an epoch; `readOnly`, `diskFull`,
    ///   `inputOutput`.
    package func createRun(_ new: NewRun) throws(RegistryError) -> RunWriter {
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
            var model = try store.modelRow(named: name, now)
            try model.add(1, to: "runs")
            try store.update(model)
            var number = 0
            try store.updateRegistry { registry in
                try registry.add(1, to: "last_run")
                try registry.add(1, to: "runs")
                number = try registry.int("last_run")
            }
            let branch = try store.forkBranch(new)
            let run = new.row(number, store.newUUID(now), model["id"], spec, branch, now)
            let segment = try NewSegment(
                run: run, number: 1, branch: branch, iterationsPerEpoch: new.iterationsPerEpoch,
                stepOrigin: new.stepOrigin(branch)
            ).row(in: store, now)
            let attempt = attemptRow(run, new.attempt, now)
            for row in [run, segment, attempt] { try store.insert(row) }
            for setting in new.settings { try store.insert(setting.row(run)) }
            var detail: [String: JSONValue] = [
                "model": .string(name.text), "spec": .string(spec.hex), "dataset": .string(new.dataset.hex),
            ]
            if let branch { detail["parent"] = branch.json }
            try store.addEvent(.created, of: Subject.run(number), at: now, .object(detail))
            return (RunRows(store: store, now: now, run: run, segment: segment, attempt: attempt), nil)
        }
    }

    /// Takes a run over, in one transaction: raises the fence, which stops a process that still wrote to it, ends the
    /// attempt before, and deletes what that one had staged and not completed. The run has then no end.
    /// - Parameter seen: the run as the caller has read it; where it has changed since, nothing is taken over.
    /// - Throws: `notFound`; `alive` when its process lives; `conflict` when it is not as it was seen; `readOnly`,
    ///   `diskFull`, `inputOutput`.
    package func resumeRun(
        _ number: Int, ifUnchanged seen: RunRecord? = nil, attempt settings: AttemptSettings
    ) throws(RegistryError) -> RunWriter {
        try writer(settings.durability) { store in
            let now = environment.now()
            var run = try store.runRow(number)
            let found = run
            try store.fence(&run)
            try seen?.checkUnchanged(found)
            let before = RunWriter.Before(run)
            try run.add(1, to: "attempts")
            run["updated"] = .integer(now)
            for column in RunWriter.Before.columns { run[column] = .null }
            let attempt = attemptRow(run, settings, now)
            try store.update(run)
            try store.insert(attempt)
            try store.addEvent(
                .resumed, of: Subject.run(number), at: now,
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
        try store.fillMetrics()
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
    /// Where a run that is a fork begins; nil for another one.
    fileprivate func forkBranch(_ new: NewRun) throws -> Branch? {
        guard let parent = new.fork?.parent else { return nil }
        let branch = try branch(parent, epochs: parent.epoch)
        let length = try branch.part.row.int("iterations_per_epoch")
        guard length == new.iterationsPerEpoch || branch.iteration == branch.epochStart else {
            throw RegistryError.conflict(
                place: "a fork of run \(parent.run) after iteration \(parent.iteration)",
                what:
                    "an epoch of \(new.iterationsPerEpoch) iterations instead of \(length) can begin only where one ended; "
                    + "epoch \(branch.epochs) ended with iteration \(branch.epochStart)")
        }
        return branch
    }

    fileprivate func addSpec(_ json: String) throws -> SHA256Digest {
        let hash = SHA256.hash(json)
        if try row(.spec, [.digest(hash)]) == nil {
            try insert(TableRow(.spec, ["hash": .digest(hash), "json": .text(json)]))
            try updateRegistry { try $0.add(1, to: "specs") }
        }
        return hash
    }
}

extension NewRun {
    fileprivate func row(
        _ number: Int, _ uuid: UUIDv7, _ model: SQLiteValue, _ spec: SHA256Digest, _ branch: Branch?, _ now: Int64
    ) -> TableRow {
        var row = TableRow(
            .run,
            [
                "id": .int(number), "uuid": .uuid(uuid), "model": model, "spec": .digest(spec),
                "dataset": .digest(dataset), "parent_run": .int(branch?.part.run),
                "parent_segment": .int(branch?.part.segment), "parent_iteration": .int(branch?.iteration),
                "iterations": .int(branch?.iteration ?? 0), "epochs": .int(branch?.epochs ?? 0),
                "iterations_per_epoch": .int(iterationsPerEpoch),
                "has_validation": .bool(hasValidation), "score_name": .string(scoreName), "seconds": .real(0),
                "settings": .int(settings.count), "created": .integer(now), "updated": .integer(now),
            ])
        for column in ["head_segment", "fence", "segments", "attempts"] { row[column] = .int(1) }
        for column in ["versions", "evaluations", "metrics"] { row[column] = .int(0) }
        return row
    }

    /// The iteration from which the optimizer counts its steps.
    fileprivate func stepOrigin(_ branch: Branch?) throws -> Int {
        guard let fork, let branch else { return 0 }
        return fork.keepsSteps ? try branch.part.row.int("step_origin") : branch.iteration
    }
}

extension Branch {
    fileprivate var json: JSONValue {
        ["run": JSONValue(part.run), "segment": JSONValue(part.segment), "iteration": JSONValue(iteration)]
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
