import BPJSON
import BPRegistry
import BPStore

/// Writes the document of a selection, within a reading transaction.
struct DocumentWriter {
    let store: Store
    let withData: Bool
    let selection: RunSelection

    func document() throws -> JSONValue {
        let rows = try selection.runs.map { try store.runs.need($0) }
        let runs = try rows.map { try run($0) }
        let models = try models(rows)
        let specs = try unique(rows.map(\.spec)).map { RowFormats.spec.json(try store.specs.need($0)) }
        let datasets = try unique(rows.map(\.dataset)).map { try dataset($0) }
        let registry = try store.registry.need()
        return [
            "format": JSONValue(TransferDocument.format), "schema": JSONValue(TransferDocument.schema(of: rows)),
            "registry": json(registry.uuid), "created": .integer(registry.created),
            "models": .array(models), "specs": .array(specs), "datasets": .array(datasets), "runs": .array(runs),
        ]
    }

    private func unique(_ hashes: [SHA256Digest]) -> [SHA256Digest] { Set(hashes).sorted { $0.hex < $1.hex } }

    private func json(_ uuid: UUIDv7) -> JSONValue { .string(hexText(uuid.bytes)) }

    // MARK: Runs

    private func run(_ row: RunRow) throws -> JSONValue {
        func list<Row>(_ rows: [Row], _ format: RowFormat<Row>) -> JSONValue { .array(rows.map { format.json($0) }) }
        let number = row.id
        var others: [String: JSONValue] = [
            "model": .string(try store.models.need(row.model).name),
            "segments": .array(
                try store.segments.all(ofRun: number).map { segment in
                    RowFormats.segment.json(segment, try parent(segment.parentRun))
                }),
            "attempts": list(try store.attempts.all(ofRun: number), RowFormats.attempt),
            "settings": list(try store.settings.all(ofRun: number), RowFormats.setting),
            "metrics": list(
                try store.metrics.all(ofRun: number).values.sorted { $0.name < $1.name }, RowFormats.metric),
            "pins": list(try store.pins.all(ofRun: number), RowFormats.pin),
            "keyframes": .array(
                try store.keyframes.complete(ofRun: number).map { keyframe in
                    RowFormats.keyframe.json(
                        keyframe, ["tensors": .array(try store.keyframes.tensors(of: keyframe).map(tensor))])
                }),
            "versions": .array(try store.versions.all(ofRun: number).map { try version($0) }),
            "evaluations": .array(try store.evaluations.all(ofRun: number).map { try evaluation($0) }),
        ]
        others.merge(try parent(row.parentRun)) { first, _ in first }
        others.merge(try annotations(of: .run(number))) { first, _ in first }
        return RowFormats.run.json(row, others)
    }

    private func parent(_ run: Int?) throws -> [String: JSONValue] {
        guard let run else { return [:] }
        return ["parent_run": json(try store.runs.need(run).uuid)]
    }

    private func tensor(_ tensor: TensorName) throws -> JSONValue {
        if let error = try store.archives.error(for: tensor.digest) { throw error }
        guard let size = try store.tensors.size(of: tensor.digest), try store.tensors.isWhole(tensor.digest) else {
            throw store.damaged("tensor \(tensor.digest.short)", "it is incomplete")
        }
        return ["name": .string(tensor.name), "tensor": .string(tensor.digest.hex), "bytes": JSONValue(size)]
    }

    private func version(_ row: VersionRow) throws -> JSONValue {
        let model = try store.models.need(row.model).name
        var others = try annotations(of: .version(model: model, number: row.number))
        others["model"] = .string(model)
        others["tensors"] = .array(try store.versions.tensors(of: row).map(tensor))
        return RowFormats.version.json(row, others)
    }

    private func evaluation(_ row: EvaluationRow) throws -> JSONValue {
        guard let version = row.version else { return RowFormats.evaluation.json(row) }
        return RowFormats.evaluation.json(row, ["version": json(try store.versions.need(version).uuid)])
    }

    /// The tags, notes and events of a run or a version.
    private func annotations(of subject: Subject) throws -> [String: JSONValue] {
        [
            "tags": .array(try store.tags.all(of: subject).map { RowFormats.tag.json($0) }),
            "notes": .array(try store.notes.all(of: subject).map { RowFormats.note.json($0) }),
            "events": try events(of: subject),
        ]
    }

    private func events(of subject: Subject) throws -> JSONValue {
        .array(try store.events.all(of: subject).map { RowFormats.event.json($0) })
    }

    // MARK: Models and datasets

    /// The models of these runs and of the versions that they computed.
    private func models(_ runs: [RunRow]) throws -> [JSONValue] {
        var keys = Set(runs.map(\.model))
        for run in runs { keys.formUnion(try store.versions.all(ofRun: run.id).map(\.model)) }
        let rows = try keys.map { try store.models.need($0) }
        return try rows.sorted { $0.name < $1.name }.map { row in
            var others = ["events": try events(of: .model(row.name))]
            var aliases: [JSONValue] = []
            for alias in try store.aliases.all(ofModel: row.id) {
                guard let uuid = try selectedVersion(alias.version, of: row) else { continue }
                aliases.append(RowFormats.alias.json(alias, ["version": uuid]))
            }
            others["aliases"] = .array(aliases)
            others["current_version"] = try row.currentVersion.flatMap { try selectedVersion($0, of: row) }
            return RowFormats.model.json(row, others)
        }
    }

    /// The UUID of a version of a model if its run is selected.
    private func selectedVersion(_ number: Int, of model: ModelRow) throws -> JSONValue? {
        guard let version = try store.versions.find(model: model.id, number: number) else {
            throw store.damaged("model id=\(model.id)", "its version is missing")
        }
        guard selection.contains(version.run) else { return nil }
        return json(version.uuid)
    }

    private func dataset(_ hash: SHA256Digest) throws -> JSONValue {
        var row = try store.datasets.need(hash)
        if !withData { row.isStored = false }
        let columns = try store.datasets.columns(of: hash)
        return RowFormats.dataset.json(
            row,
            [
                "columns": .array(columns.map { RowFormats.datasetColumn.json($0) }),
                "events": try events(of: .dataset(hash)),
            ])
    }
}
