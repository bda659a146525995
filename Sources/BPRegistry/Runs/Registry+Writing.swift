import BPJSON
package import BPStore

extension Registry {
    /// Creates a run, and its model if that is new, in one transaction. A fork continues the iterations and epochs of
    /// its parent, which may be alive. Its own part begins empty, and so does its best epoch.
    /// - Throws: `badName`; `notFound` if the dataset is not stored, or if the fork's parent does not exist; `conflict` if
    ///   a fork with another number of iterations in an epoch begins within an epoch; `readOnly`, `diskFull`,
    ///   `inputOutput`.
    package func createRun(_ new: NewRun) throws(RegistryError) -> RunWriter {
        let name = try ModelName(new.model)
        let writer = try writer(new.attempt.durability) { store in
            let now = environment.now()
            guard let dataset = try store.datasets.find(new.dataset), dataset.isComplete else {
                throw RegistryError.notFound(
                    reference: new.dataset.short, what: "no such dataset", exists: "a run needs a stored one", near: [])
            }
            guard new.iterationsPerEpoch >= 1 else {
                throw RegistryError.conflict(
                    place: "the new run", what: "an epoch of \(new.iterationsPerEpoch) iterations")
            }
            let spec = try store.specs.add(new.specJSON)
            var model = try Models(store).findOrCreate(name, now)
            model.runs += 1
            try store.update(model)
            let number = try store.registry.update { registry in
                registry.lastRun += 1
                registry.runs += 1
                return registry.lastRun
            }
            let branch = try new.branch(in: store)
            let run = new.row(number, store.newUUID(now), model: model.id, spec, branch, now)
            let segment = try NewSegment(
                run: run, number: 1, branch: branch, iterationsPerEpoch: new.iterationsPerEpoch,
                stepOrigin: new.stepOrigin(branch)
            ).row(in: store, now)
            let attempt = new.attempt.row(of: run, environment.owner(), now)
            try store.insert(run)
            try store.insert(segment)
            try store.insert(attempt)
            for setting in new.settings { try store.insert(SettingRow(run: number, setting)) }
            var detail: [String: JSONValue] = [
                "model": .string(name.text), "spec": .string(spec.hex), "dataset": .string(new.dataset.hex),
            ]
            if let branch { detail["parent"] = branch.json }
            try store.events.add(.created, of: .run(number), at: now, .object(detail))
            return (RunRows(store: store, now: now, run: run, segment: segment, attempt: attempt), nil)
        }
        // In the file itself, not only in its log, so that a copy without the log shows that something is missing.
        do {
            try writer.checkpoint()
        } catch {
            // The run is recorded. Whatever else has failed, the next commit meets it too.
            if case .replaced = error { throw error }
        }
        return writer
    }

    /// Takes a run over, in one transaction: raises the fence, which stops a process that still writes to the run, ends
    /// the previous attempt, and deletes the pending keyframes of that attempt. The run then has no end.
    /// - Parameter seen: the run as the caller has read it; if it has changed since, the takeover fails.
    /// - Throws: `notFound`; `alive` if its process is alive; `conflict` if it differs from `seen`; `readOnly`,
    ///   `diskFull`, `inputOutput`.
    package func resumeRun(
        _ number: Int, ifUnchanged seen: RunRecord? = nil, attempt settings: AttemptSettings
    ) throws(RegistryError) -> RunWriter {
        try writer(settings.durability) { store in
            let now = environment.now()
            var run = try RunRow(named: number, in: store)
            let found = run
            try run.raiseFence(in: store)
            try seen?.checkUnchanged(found)
            let before = StoredEnd(run)
            run.attempts += 1
            run.updated = now
            StoredEnd.none.write(to: &run)
            let attempt = settings.row(of: run, environment.owner(), now)
            try store.update(run)
            try store.insert(attempt)
            try store.events.add(
                .resumed, of: .run(number), at: now,
                ["attempt": JSONValue(run.attempts), "iteration": JSONValue(run.iterations)])
            let segment = try store.segments.need(run: number, number: run.headSegment)
            return (RunRows(store: store, now: now, run: run, segment: segment, attempt: attempt), before)
        }
    }

    /// A writer on a connection of its own, with `start` as its first transaction.
    private func writer(
        _ durability: Durability, _ start: (Store) throws -> (rows: RunRows, before: StoredEnd?)
    ) throws(RegistryError) -> RunWriter {
        let opening = Opening(
            path: path, purpose: .writing, durability: durability, environment: environment, expected: place)
        let (store, started): (Store, (rows: RunRows, before: StoredEnd?))
        do {
            store = try opening.open().store
            started = try store.write { try start(store) }
        } catch {
            // The other connection has the lost file open as well, and saves it.
            if case .replaced = error { try checkPlace() }
            throw error
        }
        return try store.translated { try RunWriter(started.rows, before: started.before, store, environment) }
    }
}

extension AttemptSettings {
    /// The row of the last attempt of a run, which begins with these settings.
    fileprivate func row(of run: RunRow, _ owner: Owner, _ now: Int64) -> AttemptRow {
        AttemptRow(
            run: run.id, number: run.attempts, segment: run.headSegment, host: owner.host, boot: owner.boot,
            pidNamespace: owner.pidNamespace, pid: owner.pid, processStart: owner.processStart,
            leaseUntil: now + RunRows.lease, threads: threads, instructionSet: instructionSet, durability: durability,
            keep: keep, epochLimit: epochLimit, keyframePolicyJSON: keyframePolicyJSON,
            environmentJSON: environmentJSON, started: now)
    }
}

extension NewRun {
    /// The place where a fork begins; nil for a run that is not a fork.
    fileprivate func branch(in store: Store) throws -> Branch? {
        guard let parent = fork?.parent else { return nil }
        let branch = try Branch(parent, epochs: parent.epoch, in: store)
        let length = branch.part.record.iterationsPerEpoch
        guard length == iterationsPerEpoch || branch.iteration == branch.epochStart else {
            throw RegistryError.conflict(
                place: "a fork of run \(parent.run) after iteration \(parent.iteration)",
                what:
                    "an epoch of \(iterationsPerEpoch) iterations instead of \(length) can begin only where one ended; "
                    + "epoch \(branch.epochs) ended with iteration \(branch.epochStart)")
        }
        return branch
    }

    fileprivate func row(
        _ number: Int, _ uuid: UUIDv7, model: Int, _ spec: SHA256Digest, _ branch: Branch?, _ now: Int64
    ) -> RunRow {
        RunRow(
            id: number, uuid: uuid, model: model, spec: spec, dataset: dataset, parentRun: branch?.part.run,
            parentSegment: branch?.part.segment, parentIteration: branch?.iteration,
            iterationsPerEpoch: iterationsPerEpoch, hasValidation: hasValidation, scoreName: scoreName, headSegment: 1,
            fence: 1, segments: 1, attempts: 1, settings: settings.count, versions: 0, evaluations: 0,
            iterations: branch?.iteration ?? 0, epochs: branch?.epochs ?? 0, seconds: 0, created: now, updated: now,
            metrics: 0, readingJSON: readingJSON)
    }

    /// The iteration from which the optimizer counts its steps.
    fileprivate func stepOrigin(_ branch: Branch?) -> Int {
        guard let fork, let branch else { return 0 }
        return fork.keepsSteps ? branch.part.record.stepOrigin : branch.iteration
    }
}

extension Branch {
    fileprivate var json: JSONValue {
        ["run": JSONValue(part.run), "segment": JSONValue(part.segment), "iteration": JSONValue(iteration)]
    }
}
