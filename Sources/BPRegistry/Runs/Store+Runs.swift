package import BPStore
import BPSQLite

// Rows of runs, made into the records that callers see.
extension Store {
    /// A run's record.
    package func runRecord(_ row: TableRow, _ environment: RegistryEnvironment) throws -> RunRecord {
        let model = try need(.model, [row["model"]])
        return try run(row, models: [try model.int("id"): try model.text("name")], environment)
    }

    /// A run's record; its model is looked up in `models`.
    func run(_ row: TableRow, models: [Int: String], _ environment: RegistryEnvironment) throws -> RunRecord {
        let number = try row.int("id")
        guard let model = models[try row.int("model")] else { throw damaged("run \(number)", "its model is missing") }
        return RunRecord(
            number: number, uuid: try row.uuid("uuid"), model: model, spec: try row.digest("spec"),
            dataset: try row.digest("dataset"), status: try status(of: row, environment),
            reason: try row.optionalText("reason"), headSegment: try row.int("head_segment"),
            segmentCount: try row.int("segments"), attemptCount: try row.int("attempts"), fence: try row.int("fence"),
            iterationsPerEpoch: try row.int("iterations_per_epoch"), hasValidation: try row.bool("has_validation"),
            scoreName: try row.optionalText("score_name"),
            iterations: try row.int("iterations"), epochs: try row.int("epochs"),
            lastLoss: try row.optionalFloat("last_loss"), epochLoss: try row.optionalFloat("loss"),
            validationLoss: try row.optionalFloat("val_loss"), validationScore: try row.optionalFloat("val_score"),
            best: try row.best(), seconds: try row.real("seconds"), created: try row.int64("created"),
            updated: try row.int64("updated"), ended: try row.optionalInt("ended").map(Int64.init),
            parent: try parent(row))
    }

    private func parent(_ row: TableRow) throws -> RunRecord.Parent? {
        guard let run = try row.optionalInt("parent_run") else { return nil }
        return RunRecord.Parent(
            run: run, segment: try row.int("parent_segment"), iteration: try row.int("parent_iteration"))
    }

    /// How a run stands: as its end says, or by whether its owner lives.
    func status(of row: TableRow, _ environment: RegistryEnvironment) throws -> RunStatus {
        if try row.optionalText("status") != nil { return try row.choice("status") }
        return try livingOwner(of: row, environment) == nil ? .interrupted : .running
    }

    /// The process that trains a run that has not ended, if it lives.
    package func livingOwner(of row: TableRow, _ environment: RegistryEnvironment) throws -> Owner? {
        guard try row.optionalText("status") == nil else { return nil }
        let attempt = try need(.attempt, [row["id"], row["attempts"]])
        guard attempt["ended"] == .null else { return nil }
        let owner = try owner(attempt)
        return environment.isAlive(owner, leaseUntil: try attempt.int64("lease_until")) ? owner : nil
    }

    func owner(_ attempt: TableRow) throws -> Owner {
        guard let pid = Int32(exactly: try attempt.int("pid")) else { throw attempt.bad("pid") }
        return Owner(
            host: try attempt.text("host"), boot: try attempt.text("boot"),
            pidNamespace: try attempt.text("pid_namespace"), pid: pid,
            processStart: try attempt.int64("process_start"))
    }

    /// The row of a run that a person named.
    /// - Throws: `RegistryError.notFound` telling which runs there are.
    package func runRow(_ number: Int) throws -> TableRow {
        if let row = try row(.run, [.int(number)]) { return row }
        let (least, most, count) =
            try connection.first("SELECT min(id), max(id), count(*) FROM run") { row in
                (try row.get(0, as: Int?.self), try row.get(1, as: Int?.self), try row.get(2, as: Int.self))
            } ?? (nil, nil, 0)
        var exists = "there is no run"
        if let least, let most {
            exists = count == 1 ? "there is run \(least)" : "there are \(count) runs, \(least) to \(most)"
        }
        throw RegistryError.notFound(reference: "\(number)", what: "no such run", exists: exists, near: [])
    }

    func attempt(_ row: TableRow) throws -> AttemptRecord {
        AttemptRecord(
            run: try row.int("run"), number: try row.int("number"), owner: try owner(row),
            leaseUntil: try row.int64("lease_until"),
            settings: AttemptSettings(
                threads: try row.int("threads"), instructionSet: try row.text("instruction_set"),
                durability: try row.choice("durability"), keep: try row.text("keep"),
                epochLimit: try row.int("epoch_limit"), keyframePolicyJSON: try row.text("keyframe_policy"),
                environmentJSON: try row.text("environment")),
            segment: try row.int("segment"), firstIteration: try row.optionalInt("first_iteration"),
            lastIteration: try row.optionalInt("last_iteration"), started: try row.int64("started"),
            ended: try row.optionalInt("ended").map(Int64.init),
            status: try row.optionalText("status") == nil ? nil : try row.choice("status"))
    }
}
