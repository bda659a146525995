import BPStore
import BPJSON
import BPSQLite

/// The rows of a restoration, within its transaction: each run and version is recognised or added, then all that is new
/// is looked at as verify looks at it.
struct RestoredRows {
    let record: DecodedRecord
    let restorer: Restorer
    let store: Store
    let now: Int64

    init(_ record: DecodedRecord, _ restorer: Restorer, _ store: Store) {
        (self.record, self.restorer, self.store, now) = (record, restorer, store, store.environment.now())
    }

    /// - Parameters:
    ///   - runs: those of this transaction, parents first.
    ///   - isLast: whether the models are to be finished.
    func restore(_ runs: [DecodedRecord.Run], isLast: Bool) throws {
        let isFirst = restorer.runs.isEmpty
        if isFirst { for dataset in record.datasets { try restore(dataset) } }
        let here = try known(runs)
        try assignNumbers(runs, here)
        var changed: [Int] = []
        for run in runs {
            if let row = here[run.uuid] {
                if try recognise(run, row) { changed.append(try row.int("id")) }
            } else {
                changed.append(try add(run))
            }
        }
        if isLast { for model in record.models { try finish(model) } }
        try check(changed)
    }

    /// The rows of those that are here.
    private func known(_ runs: [DecodedRecord.Run]) throws -> [UUIDv7: TableRow] {
        var rows: [UUIDv7: TableRow] = [:]
        for run in runs { rows[run.uuid] = try store.rows(.run, "WHERE uuid = ?", [run.uuid.bytes]).first }
        return rows
    }

    // MARK: Runs

    /// A run that is here: its versions that were deleted are brought back.
    /// - Returns: whether anything of it was.
    private func recognise(_ run: DecodedRecord.Run, _ row: TableRow) throws -> Bool {
        try restorer.compare(run, row, store)
        let number = try row.int("id")
        restorer.report.runs.append(
            RestoreReport.Run(
                uuid: run.uuid, number: number, archivedNumber: run.number,
                model: try store.need(.model, [row["model"]]).text("name"), outcome: .alreadyThere,
                iterations: try row.int("iterations")))
        var added: [DecodedRecord.Version] = []
        for version in run.versions where try restore(version, ofRun: number) { added.append(version) }
        guard !added.isEmpty else { return false }
        var row = try store.need(.run, [.int(number)])
        try row.add(added.count, to: "versions")
        try store.update(row)
        try restoreMeasures(of: added, run, number)
        try attach(
            to: added.map { (Subject.version(model: $0.model, number: restorer.versions[$0.uuid] ?? 0), $0.attached) })
        return true
    }

    private func add(_ run: DecodedRecord.Run) throws -> Int {
        guard let number = restorer.runs[run.uuid] else { throw store.damaged("run \(run.number)", "it has no number") }
        if try store.row(.spec, [.digest(run.spec)]) == nil, let spec = record.specs[run.spec] {
            try store.insert(spec)
            try store.updateRegistry { try $0.add(1, to: "specs") }
        }
        var model = try modelRow(run.model)
        try model.add(1, to: "runs")
        try store.update(model)
        var row = run.row
        row["id"] = .int(number)
        row["model"] = model["id"]
        row["parent_run"] = .int(run.parent.flatMap { restorer.runs[$0] })
        for (column, count) in [
            ("segments", run.segments.count), ("attempts", run.attempts.count), ("settings", run.settings.count),
            ("versions", 0), ("evaluations", run.evaluations.count), ("metrics", run.metrics.count),
        ] { row[column] = .int(count) }
        try store.insert(row)
        try addSegments(of: run, row)
        for var attempt in run.attempts {
            attempt["run"] = row["id"]
            if attempt["ended"] == .null {
                attempt["ended"] = row["updated"]
                attempt["status"] = .text(RunStatus.interrupted.rawValue)
            }
            try store.insert(attempt)
        }
        for var other in run.settings + run.metrics + run.pins {
            other["run"] = row["id"]
            try store.insert(other)
        }
        if !run.pins.isEmpty { try store.updateRegistry { try $0.add(run.pins.count, to: "pins") } }
        try addKeyframes(of: run, number)
        var added = 0
        for version in run.versions where try restore(version, ofRun: number) { added += 1 }
        row["versions"] = .int(added)
        try store.update(row)
        for (evaluation, version) in run.evaluations { try add(evaluation, version, number) }
        try store.updateRegistry { registry in
            try registry.add(1, to: "runs")
            registry["last_run"] = .int(max(number, try registry.int("last_run")))
        }
        try attach(
            to: [(Subject.run(number), run.attached)]
                + run.versions.map {
                    (Subject.version(model: $0.model, number: restorer.versions[$0.uuid] ?? 0), $0.attached)
                })
        try store.addEvent(
            .restored, of: Subject.run(number), at: now,
            [
                "uuid": .string(run.uuid.description), "number": JSONValue(run.number),
                "registry": .string(record.registry.description),
            ])
        restorer.report.runs.append(
            RestoreReport.Run(
                uuid: run.uuid, number: number, archivedNumber: run.number, model: run.model, outcome: .added,
                iterations: try row.int("iterations")))
        return number
    }

    private func addKeyframes(of run: DecodedRecord.Run, _ number: Int) throws {
        guard !run.keyframes.isEmpty else { return }
        var id = 0
        try store.updateRegistry { registry in
            id = try registry.int("last_keyframe")
            try registry.add(run.keyframes.count, to: "last_keyframe")
        }
        for (keyframe, tensors) in run.keyframes {
            id += 1
            var row = keyframe
            row["id"] = .int(id)
            row["run"] = .int(number)
            row["state"] = .text("complete")
            row["tensors"] = .int(tensors.count)
            try store.insert(row)
            try name(tensors, of: row, .keyframeTensor)
        }
    }

    func name(_ tensors: [DecodedRecord.Tensor], of row: TableRow, _ table: SealedTable) throws {
        for tensor in tensors {
            guard try store.isWhole(tensor.digest) || store.tombstone(of: tensor.digest) != nil else {
                throw RegistryError.conflict(
                    place: "content \(tensor.digest.short)",
                    what: "it is not here; if something else deleted it meanwhile, restoring again writes it again")
            }
            try store.insert(
                TableRow(
                    table,
                    [table.columns[0]: row["id"], "name": .text(tensor.name), "tensor": .digest(tensor.digest)]))
        }
    }

    func add(_ evaluation: TableRow, _ version: UUIDv7?, _ number: Int) throws {
        var row = evaluation
        row["id"] = .int(try store.connection.value("SELECT coalesce(max(id), 0) + 1 FROM evaluation", as: Int.self))
        row["run"] = .int(number)
        row["version"] = try version.map { try versionKey($0) } ?? .null
        try store.insert(row)
    }

    func versionKey(_ uuid: UUIDv7) throws -> SQLiteValue {
        try store.rows(.version, "WHERE uuid = ?", [uuid.bytes]).first?["id"] ?? .null
    }
}
