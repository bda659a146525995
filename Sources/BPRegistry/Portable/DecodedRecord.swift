import BPStore
import BPJSON
import BPSQLite

/// A record, read and looked at as far as that needs no other rows.
struct DecodedRecord {
    /// The registry it comes from.
    let registry: UUIDv7
    let models: [Model]
    let specs: [SHA256Digest: TableRow]
    let datasets: [Dataset]
    /// Parents first.
    let runs: [Run]

    struct Model {
        let row: TableRow
        let name: String
        let uuid: UUIDv7
        let current: UUIDv7?
        let aliases: [(row: TableRow, version: UUIDv7)]
        let events: [Event]
    }

    struct Dataset {
        let row: TableRow
        let hash: SHA256Digest
        let columns: [TableRow]
        let events: [Event]
        var isStored: Bool { row["stored"] == .bool(true) }
    }

    /// Something that happened, under the number that it had.
    struct Event {
        let id: Int
        let at: Int64
        let kind: EventKind
        let detail: JSONValue
    }

    struct Tensor {
        let name: String
        let digest: SHA256Digest
        let bytes: Int
    }

    /// Tags, notes and events of a run or a version.
    struct Attached {
        let tags: [TableRow]
        let notes: [TableRow]
        let events: [Event]
    }

    struct Version {
        let row: TableRow
        let uuid: UUIDv7
        let model: String
        let number: Int
        let tensors: [Tensor]
        let attached: Attached
    }

    struct Run {
        let row: TableRow
        let uuid: UUIDv7
        let number: Int
        let model: String
        let spec: SHA256Digest
        let dataset: SHA256Digest
        let parent: UUIDv7?
        let segments: [(row: TableRow, parent: UUIDv7?)]
        let attempts: [TableRow]
        let settings: [TableRow]
        let metrics: [TableRow]
        let keyframes: [(row: TableRow, tensors: [Tensor])]
        let versions: [Version]
        let evaluations: [(row: TableRow, version: UUIDv7?)]
        let pins: [TableRow]
        let attached: Attached

        /// How many rows it has, about.
        var size: Int {
            segments.reduce(keyframes.count + settings.count + attached.events.count) { sum, segment in
                let epochs = (try? segment.row.int("kept_epochs")) ?? 0
                let losses = (try? segment.row.int("kept_iterations")) ?? 0
                return sum + 1 + epochs + losses / Store.blockLength
            }
        }
    }

    init(_ json: JSONValue, _ types: ColumnTypes) throws {
        let top = PortableRow(row: TableRow(.registry), others: json.object ?? [:], place: "the record")
        let known: Set = ["format", "schema", "registry", "created", "models", "specs", "datasets", "runs"]
        guard let names = json.object?.keys, Set(names) == known else {
            throw top.unsound("it holds other things than a record of format \(PortableRecord.format)")
        }
        guard json["format"]?.int == PortableRecord.format else { throw top.unsound("its format is not known here") }
        guard let schema = json["schema"]?.int, (1...Opening.newestVersion).contains(schema) else {
            throw top.unsound("its schema is none that is known here; this bpreg knows \(Opening.newestVersion)")
        }
        guard let uuid = try top.uuid("registry") else { throw top.unsound("registry is missing") }
        registry = uuid
        let reader = RecordReader(types: types)
        models = try top.elements("models").enumerated().map { try reader.model($1, "model \($0 + 1)") }
        datasets = try top.elements("datasets").enumerated().map { try reader.dataset($1, "dataset \($0 + 1)") }
        runs = try top.elements("runs").enumerated().map { try reader.run($1, "run \($0 + 1)") }
        var specs: [SHA256Digest: TableRow] = [:]
        for (index, element) in try top.elements("specs").enumerated() {
            let place = "spec \(index + 1)"
            let row = try types.row(element, .spec, place).row
            let hash = try row.digest("hash")
            guard SHA256.hash(try row.text("json")) == hash, specs.updateValue(row, forKey: hash) == nil else {
                throw RegistryError.unsound(place: place, what: "it does not fit its hash, or is there twice")
            }
        }
        self.specs = specs
        try checkReferences()
    }

    /// What rows name is in the record, once.
    private func checkReferences() throws {
        func unique<Key: Hashable>(_ keys: [Key], _ what: String) throws -> Set<Key> {
            let set = Set(keys)
            guard set.count == keys.count else { throw bad("two \(what) are the same") }
            return set
        }
        let names = try unique(models.map(\.name), "models")
        _ = try unique(models.map(\.uuid), "models")
        let data = try unique(datasets.map(\.hash), "datasets")
        _ = try unique(runs.map(\.number), "runs")
        let versions = runs.flatMap(\.versions)
        let uuids = try unique(versions.map(\.uuid), "versions")
        _ = try unique(versions.map { "\($0.model):\($0.number)" }, "versions")
        var earlier = Set<UUIDv7>()
        for run in runs {
            let place = "run \(run.number)"
            func need(_ isThere: Bool, _ what: String) throws {
                if !isThere { throw RegistryError.unsound(place: place, what: "\(what) is not in the record") }
            }
            try need(names.contains(run.model), "its model")
            try need(specs[run.spec] != nil, "its spec")
            try need(data.contains(run.dataset), "its dataset")
            for version in run.versions { try need(names.contains(version.model), "the model of a version") }
            for evaluation in run.evaluations {
                try need(evaluation.version.map(uuids.contains) ?? true, "the version of a measure")
            }
            try need(run.parent.map(earlier.contains) ?? true, "its parent, before it,")
            for (index, segment) in run.segments.enumerated() {
                guard let parent = segment.parent else { continue }
                let number = try segment.row.int("parent_segment")
                let isOwn = parent == run.uuid && number <= index
                let isOthers = index == 0 && earlier.contains(parent)
                try need(isOwn || isOthers, "the parent of segment \(index + 1), before it,")
            }
            guard earlier.insert(run.uuid).inserted else { throw bad("two runs are the same") }
        }
        for model in models {
            for (_, version) in model.aliases where !uuids.contains(version) { throw bad("an alias names no version") }
            if let current = model.current, !uuids.contains(current) { throw bad("a current version is no version") }
        }
    }

    private func bad(_ what: String) -> RegistryError { .unsound(place: "the record", what: what) }
}
