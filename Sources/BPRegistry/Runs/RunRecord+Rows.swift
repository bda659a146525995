package import BPStore

extension RunRecord {
    /// The record of a run's row; reads the name of its model unless it is given.
    package init(_ row: RunRow, model: String? = nil, in store: Store) throws {
        let model = try model ?? store.models.need(row.model).name
        let (best, parent) = (try row.best, try row.parent)
        self.init(
            number: row.id, uuid: row.uuid, model: model, spec: row.spec, dataset: row.dataset,
            status: try row.status(in: store), reason: row.reason, headSegment: row.headSegment,
            segmentCount: row.segments, attemptCount: row.attempts, fence: row.fence,
            iterationsPerEpoch: row.iterationsPerEpoch, hasValidation: row.hasValidation, scoreName: row.scoreName,
            iterations: row.iterations, epochs: row.epochs, lastLoss: row.lastLoss, epochLoss: row.epochLoss,
            validationLoss: row.validationLoss, validationScore: row.validationScore,
            best: best.map { Best(epoch: $0.epoch, iteration: $0.iteration, loss: $0.loss) }, seconds: row.seconds,
            created: row.created, updated: row.updated, ended: row.ended,
            parent: parent.map { Parent(run: $0.run, segment: $0.segment, iteration: $0.iteration) },
            readingJSON: row.readingJSON)
    }

    /// The records of the runs of these numbers, in the given order. A run that was deleted after its number was read is
    /// left out.
    static func all(_ numbers: [Int], in store: Store) throws -> [RunRecord] {
        let rows = try store.runs.all(numbers)
        let models = try store.models.all(Set(rows.map(\.model)))
        return try rows.map { row in
            guard let model = models[row.model] else { throw store.damaged("run \(row.id)", "its model is missing") }
            return try RunRecord(row, model: model.name, in: store)
        }
    }
}

extension RunRow {
    /// The row of a run that a person named.
    /// - Throws: `RegistryError.notFound` with the runs that exist.
    package init(named number: Int, in store: Store) throws {
        if let row = try store.runs.find(number) {
            self = row
            return
        }
        var exists = "there is no run"
        if let (least, most, count) = try store.runs.extent() {
            exists = count == 1 ? "there is run \(least)" : "there are \(count) runs, \(least) to \(most)"
        }
        throw RegistryError.notFound(reference: "\(number)", what: "no such run", exists: exists, near: [])
    }

    /// The status of a run: its end, or whether its owner is alive.
    func status(in store: Store) throws -> RunStatus {
        if let status { return status }
        return try isAlive(in: store) ? .running : .interrupted
    }

    /// Whether a process trains the run.
    package func isAlive(in store: Store) throws -> Bool { try livingOwner(in: store) != nil }

    /// Refuses to change a run that a process trains.
    /// - Throws: `RegistryError.alive`.
    package func refuseIfAlive(in store: Store) throws {
        guard let (owner, sign) = try livingOwner(in: store) else { return }
        throw RegistryError.alive(run: id, owner: owner, sign: sign)
    }

    /// The process that trains a run without an end, if it is alive, and how that is known.
    private func livingOwner(in store: Store) throws -> (Owner, SignOfLife)? {
        guard status == nil else { return nil }
        let attempt = try store.attempts.need(run: id, number: attempts)
        guard attempt.ended == nil else { return nil }
        return store.signOfLife(of: attempt.owner, leaseUntil: attempt.leaseUntil).map {
            (attempt.owner, $0)
        }
    }
}

extension AttemptRecord {
    package init(_ row: AttemptRow) {
        self.init(
            run: row.run, number: row.number, owner: row.owner, leaseUntil: row.leaseUntil,
            settings: AttemptSettings(
                threads: row.threads, instructionSet: row.instructionSet, durability: row.durability, keep: row.keep,
                epochLimit: row.epochLimit, keyframePolicyJSON: row.keyframePolicyJSON,
                environmentJSON: row.environmentJSON),
            segment: row.segment, firstIteration: row.firstIteration, lastIteration: row.lastIteration,
            started: row.started, ended: row.ended, status: row.status)
    }
}
