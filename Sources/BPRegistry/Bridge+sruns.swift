import BPJSON
import BPSQLite
import BPStore

// Calls in the old way, until the other folders are converted.

extension Store {
    static let blockLength = BlockRow.capacity

    func runRow(_ number: Int) throws -> TableRow { TableRow(try RunRow(named: number, in: self)) }

    func runRecord(_ row: TableRow, _ environment: RegistryEnvironment) throws -> RunRecord {
        try RunRecord(RunRow(row), in: self)
    }

    func run(_ row: TableRow, models: [Int: String], _ environment: RegistryEnvironment) throws -> RunRecord {
        let row = try RunRow(row)
        guard let model = models[row.model] else { throw damaged("run \(row.id)", "its model is missing") }
        return try RunRecord(row, model: model, in: self)
    }

    func livingOwner(of row: TableRow, _ environment: RegistryEnvironment) throws -> Owner? {
        try RunRow(row).livingOwner(in: self)
    }

    func attempt(_ row: TableRow) throws -> AttemptRecord { AttemptRecord(try AttemptRow(row)) }

    func keyframe(_ row: TableRow) throws -> KeyframeRecord { try KeyframeRecord(KeyframeRow(row), in: self) }

    func keyframes(of part: LinePart, _ clause: String) throws -> [KeyframeRecord] {
        let rows = try rows(
            .keyframe, "WHERE run = ? AND segment = ? AND state = 'complete' AND iteration <= \(part.last) \(clause)",
            [part.run, part.segment])
        return try rows.map { try keyframe($0) }
    }

    func deleteKeyframe(_ row: KeyframeRow) throws { try keyframes.release(row) }

    func tensorNames(of row: TableRow, _ table: SealedTable) throws -> [TensorName] {
        let rows = try rows(table, "WHERE \(table.columns[0]) = ? ORDER BY name", [row["id"]])
        guard try rows.count == row.int("tensors") else {
            throw damaged("\(row.table.name) \(row.keyText)", "\(rows.count) tensors, its row tells another number")
        }
        return try rows.map { TensorName(name: try $0.text("name"), digest: try $0.digest("tensor")) }
    }

    func line(run: Int, segment: Int) throws -> [LinePart] { try Line(to: segment, ofRun: run, in: self) }

    func line(ofRun number: Int, segment: Int?) throws -> [LinePart] {
        try Line(ofRun: number, segment: segment, in: self)
    }

    func epochsEnded(_ line: [LinePart], at iteration: Int) throws -> Int { line.epochsEnded(at: iteration) }

    func chain(of segment: TableRow, before iteration: Int) throws -> SHA256Digest? {
        try SegmentRecord(segment).chain(before: iteration, in: self)
    }

    func lastRollback(of subject: Subject, reference: String) throws -> (id: Int, detail: JSONValue) {
        try events.lastRollback(of: subject, reference: reference)
    }

    func summary(ofRun number: Int, _ line: [LinePart]) throws -> RunSummary {
        try RunSummary(ofRun: number, line, in: self)
    }

    func metrics(of run: TableRow) throws -> [String: MetricRow] { try metrics.all(ofRun: run.int("id")) }

    func renewSummary(of row: inout TableRow) throws {
        var run = try RunRow(row)
        try run.renewSummary(in: self)
        row = TableRow(run)
    }
}

extension RunSummary {
    static let columns =
        ["last_loss", "loss", "val_loss", "val_score"].flatMap { [$0, $0 + "_bits"] } + [
            "best_epoch", "best_iteration", "best_val_loss", "best_val_loss_bits", "seconds", "metrics",
        ]

    func write(to row: inout TableRow) {
        guard var run = try? RunRow(row) else { return }
        write(to: &run)
        row = TableRow(run)
    }
}

extension SettingValue {
    init(_ row: TableRow) throws {
        guard let value = SettingValue(try row.choice("kind"), text: try row.text("text")) else {
            throw row.bad("text")
        }
        self = value
    }
}

// Tensors.
extension Store {
    func addTensor(_ digest: SHA256Digest, bytes: Int) throws { try tensors.add(digest, bytes: bytes) }
    func addPart(_ part: Int, of digest: SHA256Digest, _ bytes: UnsafeRawBufferPointer) throws -> Int {
        try tensors.addPart(part, of: digest, bytes)
    }
    func tensorBytes(_ digest: SHA256Digest) throws -> [UInt8] { try tensors.bytes(digest) }
    func releaseTensor(_ digest: SHA256Digest) throws { try tensors.release(digest) }
    func deleteChunks(of digest: SHA256Digest) throws { try tensors.deleteChunks(of: digest) }
    func tombstone(of digest: SHA256Digest) throws -> ArchivedTensorRow? { try archives.tombstone(of: digest) }
    func archive(of digest: SHA256Digest) throws -> ArchiveRecord? { try archives.holder(of: digest) }
    func archived(_ digest: SHA256Digest) throws -> RegistryError? { try archives.error(for: digest) }
    func isWhole(_ digest: SHA256Digest) throws -> Bool { try tensors.isWhole(digest) }
    func isWaitedFor(_ digest: SHA256Digest) throws -> Bool { try tensors.isWaitedFor(digest) }
    @discardableResult
    func removeTombstone(of digest: SHA256Digest) throws -> ArchiveRecord? { try archives.removeTombstone(of: digest) }
}

// Models, whose functions are not converted here.
extension Store {
    func model(named name: String) throws -> ModelRow { try ModelRow(modelRow(name)) }

    func model(addedAs name: ModelName, _ now: Int64) throws -> ModelRow { try ModelRow(modelRow(named: name, now)) }

    func hasVersion(_ number: Int, of model: ModelRow) throws -> Bool {
        try !rows(.version, "WHERE model = ? AND number = ?", [model.id, number]).isEmpty
    }

    func addVersion(_ origin: VersionOrigin, to model: inout ModelRow, _ now: Int64) throws -> (id: Int, number: Int) {
        var row = TableRow(model)
        let (id, number) = try addVersion(origin, to: &row, now)
        model = try ModelRow(row)
        guard case .integer(let key) = id else { return (0, number) }
        return (Int(key), number)
    }
}

extension VersionOrigin {
    init(
        run: Int, attempt: Int, segment: Int, iteration: Int, epoch: Int, descriptionJSON: String, metricsJSON: String,
        tensors: [TensorName]
    ) {
        self.init(
            run: .int(run), attempt: .int(attempt), segment: segment, iteration: iteration, epoch: epoch,
            descriptionJSON: descriptionJSON, metricsJSON: metricsJSON, tensors: tensors)
    }
}
