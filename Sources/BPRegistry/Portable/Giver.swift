import BPStore
import BPJSON
import BPSQLite

/// Writes the record of what is selected, within a reading transaction.
struct Giver {
    let store: Store
    let withData: Bool
    let closure: Closure

    init(_ selection: Subject, withData: Bool, _ store: Store) throws {
        (self.store, self.withData) = (store, withData)
        closure = try Closure(selection, in: store)
    }

    func record() throws -> JSONValue {
        let rows = try closure.runs.map { try store.need(.run, [.int($0)]) }
        let runs = try rows.map { try run($0) }
        let models = try models(rows)
        let specs = try unique(rows.map { try $0.digest("spec") }).map { hash in
            PortableTable.spec.json(try store.need(.spec, [.digest(hash)]))
        }
        let datasets = try unique(rows.map { try $0.digest("dataset") }).map { try dataset($0) }
        let registry = try store.need(.registry, [.integer(1)])
        return [
            "format": JSONValue(PortableRecord.format), "schema": JSONValue(Opening.newestVersion),
            "registry": .string(hexText(try registry.blob("uuid"))),
            "created": .integer(try registry.int64("created")),
            "models": .array(models), "specs": .array(specs), "datasets": .array(datasets), "runs": .array(runs),
        ]
    }

    private func unique(_ hashes: [SHA256Digest]) -> [SHA256Digest] { Set(hashes).sorted { $0.hex < $1.hex } }

    // MARK: Runs

    private func run(_ row: TableRow) throws -> JSONValue {
        let number = try row.int("id")
        let key: [any SQLiteBindable] = [number]
        func list(_ kind: PortableTable, _ order: String) throws -> JSONValue {
            .array(try store.rows(kind.table, "WHERE run = ? ORDER BY \(order)", key).map { kind.json($0) })
        }
        var others: [String: JSONValue] = [
            "model": .string(try store.need(.model, [row["model"]]).text("name")),
            "segments": .array(
                try store.rows(.segment, "WHERE run = ? ORDER BY number", key).map { segment in
                    PortableTable.segment.json(segment, try parent(segment))
                }),
            "attempts": try list(.attempt, "number"), "settings": try list(.setting, "name"),
            "metrics": try list(.metric, "name"), "pins": try list(.pin, "segment, iteration"),
            "keyframes": .array(
                try store.rows(.keyframe, "WHERE run = ? AND state = 'complete' ORDER BY id", key).map { keyframe in
                    PortableTable.keyframe.json(keyframe, ["tensors": try tensors(of: keyframe, .keyframeTensor)])
                }),
            "versions": .array(
                try store.rows(.version, "WHERE run = ? ORDER BY id", key).map { try version($0) }),
            "evaluations": .array(
                try store.rows(.evaluation, "WHERE run = ? ORDER BY id", key).map { try evaluation($0) }),
        ]
        others.merge(try parent(row)) { first, _ in first }
        others.merge(try attached(to: .run(number))) { first, _ in first }
        return PortableTable.run.json(row, others)
    }

    private func parent(_ row: TableRow) throws -> [String: JSONValue] {
        guard let parent = try row.optionalInt("parent_run") else { return [:] }
        return ["parent_run": .string(hexText(try store.need(.run, [.int(parent)]).blob("uuid")))]
    }

    private func tensors(of row: TableRow, _ table: SealedTable) throws -> JSONValue {
        .array(
            try store.tensorNames(of: row, table).map { tensor in
                if let error = try store.archived(tensor.digest) { throw error }
                let size = try store.connection.first(
                    "SELECT bytes FROM tensor WHERE sha256 = ?", [tensor.digest.bytes], as: Int.self)
                guard let size, try store.isWhole(tensor.digest) else {
                    throw store.damaged("tensor \(tensor.digest.short)", "it is not whole")
                }
                return [
                    "name": .string(tensor.name), "tensor": .string(tensor.digest.hex), "bytes": JSONValue(size),
                ]
            })
    }

    private func version(_ row: TableRow) throws -> JSONValue {
        let model = try store.need(.model, [row["model"]]).text("name")
        var others = try attached(to: .version(model: model, number: row.int("number")))
        others["model"] = .string(model)
        others["tensors"] = try tensors(of: row, .versionTensor)
        return PortableTable.version.json(row, others)
    }

    private func evaluation(_ row: TableRow) throws -> JSONValue {
        guard row["version"] != .null else { return PortableTable.evaluation.json(row) }
        let version = try store.need(.version, [row["version"]])
        return PortableTable.evaluation.json(row, ["version": .string(hexText(try version.blob("uuid")))])
    }

    /// What people attached to a run or a version, and what happened to it.
    private func attached(to subject: Subject) throws -> [String: JSONValue] {
        func list(_ kind: PortableTable, _ order: String) throws -> JSONValue {
            .array(
                try store.rows(kind.table, "WHERE subject = ? ORDER BY \(order)", [subject.text]).map { kind.json($0) })
        }
        return ["tags": try list(.tag, "name"), "notes": try list(.note, "id"), "events": try list(.event, "id")]
    }

    // MARK: Models and datasets

    /// The models of these runs and of the versions that they computed.
    private func models(_ runs: [TableRow]) throws -> [JSONValue] {
        var keys = Set(try runs.map { try $0.int("model") })
        for run in runs {
            keys.formUnion(
                try store.connection.all("SELECT model FROM version WHERE run = ?", [run["id"]], as: Int.self))
        }
        let rows = try keys.map { try store.need(.model, [.int($0)]) }
        return try rows.map { (name: try $0.text("name"), row: $0) }.sorted { $0.name < $1.name }
            .map { name, row in
                var others: [String: JSONValue] = [
                    "events": .array(
                        try store.rows(.event, "WHERE subject = ? ORDER BY id", [Subject.model(name).text])
                            .map { PortableTable.event.json($0) })
                ]
                var aliases: [JSONValue] = []
                for alias in try store.rows(.alias, "WHERE model = ? ORDER BY name", [row["id"]]) {
                    guard let uuid = try includedVersion(alias["version"], of: row) else { continue }
                    aliases.append(PortableTable.alias.json(alias, ["version": uuid]))
                }
                others["aliases"] = .array(aliases)
                others["current_version"] = try includedVersion(row["current_version"], of: row)
                return PortableTable.model.json(row, others)
            }
    }

    /// The UUID of a version of a model, if its run goes along.
    private func includedVersion(_ number: SQLiteValue, of model: TableRow) throws -> JSONValue? {
        guard number != .null else { return nil }
        let version = try store.rows(.version, "WHERE model = ? AND number = ?", [model["id"], number]).first
        guard let version else {
            throw store.damaged("model \(model.keyText)", "its version is missing")
        }
        return closure.contains(try version.int("run")) ? .string(hexText(try version.blob("uuid"))) : nil
    }

    private func dataset(_ hash: SHA256Digest) throws -> JSONValue {
        var row = try store.need(.dataset, [.digest(hash)])
        if !withData { row["stored"] = .bool(false) }
        let columns = try store.rows(.datasetColumn, "WHERE dataset = ? ORDER BY position", [row["hash"]])
        let events = try store.rows(.event, "WHERE subject = ? ORDER BY id", [Subject.dataset(hash).text])
        return PortableTable.dataset.json(
            row,
            [
                "columns": .array(columns.map { PortableTable.datasetColumn.json($0) }),
                "events": .array(events.map { PortableTable.event.json($0) }),
            ])
    }
}
