import BPJSON
import BPRegistry
import BPStore

/// The rows of a document, read and checked as far as possible without other rows.
struct TransferContents {
    /// The UUID of the registry from which they come.
    let registry: UUIDv7
    let models: [Model]
    let specs: [SHA256Digest: SpecRow]
    let datasets: [Dataset]
    /// Parents first.
    let runs: [Run]

    struct Model {
        let row: ModelRow
        let current: UUIDv7?
        let aliases: [(row: AliasRow, version: UUIDv7)]
        let events: [Event]
    }

    struct Dataset {
        let row: DatasetRow
        let columns: [DatasetColumnRow]
        let events: [Event]
    }

    /// An event, with its number in the source.
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
    struct Annotations {
        let tags: [TagRecord]
        let notes: [NoteRecord]
        let events: [Event]
    }

    struct Version {
        let row: VersionRow
        let model: String
        let tensors: [Tensor]
        let annotations: Annotations

        var uuid: UUIDv7 { row.uuid }
        /// `iris:3`, with its number in the source.
        var name: String { "\(model):\(row.number)" }
    }

    struct Run {
        let row: RunRow
        let model: String
        let parent: UUIDv7?
        let segments: [(row: SegmentRecord, parent: UUIDv7?)]
        let attempts: [AttemptRow]
        let settings: [SettingRow]
        let metrics: [MetricRow]
        let keyframes: [(row: KeyframeRow, tensors: [Tensor])]
        let versions: [Version]
        let evaluations: [(row: EvaluationRow, version: UUIDv7?)]
        let pins: [PinRecord]
        let annotations: Annotations

        var uuid: UUIDv7 { row.uuid }
        /// Its number in the source.
        var number: Int { row.id }

        /// The approximate number of its rows.
        var size: Int {
            segments.reduce(keyframes.count + settings.count + annotations.events.count) { sum, segment in
                sum + 1 + segment.row.keptEpochs + segment.row.keptIterations / BlockRow.capacity
            }
        }
    }

    init(_ json: JSONValue, _ rows: RowReader) throws {
        let top = JSONMembers(json.object ?? [:], place: "the record")
        let known: Set = ["format", "schema", "registry", "created", "models", "specs", "datasets", "runs"]
        guard let names = json.object?.keys, Set(names) == known else {
            throw top.unsound("it has other members than a record of format \(TransferDocument.format)")
        }
        guard json["format"]?.int == TransferDocument.format else { throw top.unsound("its format is not known here") }
        guard let schema = json["schema"]?.int, (1...Opening.newestVersion).contains(schema) else {
            throw top.unsound("its schema is unknown; this bpreg reads \(Opening.newestVersion)")
        }
        guard let uuid = try top.uuid("registry") else { throw top.unsound("registry is missing") }
        registry = uuid
        let reader = DocumentReader(rows: rows)
        models = try top.elements("models").enumerated().map { try reader.model($1, "model \($0 + 1)") }
        datasets = try top.elements("datasets").enumerated().map { try reader.dataset($1, "dataset \($0 + 1)") }
        runs = try top.elements("runs").enumerated().map { try reader.run($1, "run \($0 + 1)") }
        var specs: [SHA256Digest: SpecRow] = [:]
        for (index, element) in try top.elements("specs").enumerated() {
            let place = "spec \(index + 1)"
            let row = try rows.row(element, RowFormats.spec, place).row
            guard SHA256.hash(row.json) == row.hash, specs.updateValue(row, forKey: row.hash) == nil else {
                throw RegistryError.unsound(place: place, what: "it does not fit its hash, or occurs twice")
            }
        }
        self.specs = specs
        try checkReferences()
    }

    /// Checks that the document holds each row that another refers to, once.
    private func checkReferences() throws {
        func unique<Key: Hashable>(_ keys: [Key], _ what: String) throws -> Set<Key> {
            let set = Set(keys)
            guard set.count == keys.count else { throw bad("two \(what) are the same") }
            return set
        }
        let names = try unique(models.map(\.row.name), "models")
        _ = try unique(models.map(\.row.uuid), "models")
        let data = try unique(datasets.map(\.row.hash), "datasets")
        _ = try unique(runs.map(\.number), "runs")
        let versions = runs.flatMap(\.versions)
        let uuids = try unique(versions.map(\.uuid), "versions")
        _ = try unique(versions.map(\.name), "versions")
        var earlier = Set<UUIDv7>()
        for run in runs {
            let place = "run \(run.number)"
            func need(_ isThere: Bool, _ what: String) throws {
                if !isThere { throw RegistryError.unsound(place: place, what: "\(what) is not in the record") }
            }
            try need(names.contains(run.model), "its model")
            try need(specs[run.row.spec] != nil, "its spec")
            try need(data.contains(run.row.dataset), "its dataset")
            for version in run.versions { try need(names.contains(version.model), "the model of a version") }
            for evaluation in run.evaluations {
                try need(evaluation.version.map(uuids.contains) ?? true, "the version of a measure")
            }
            try need(run.parent.map(earlier.contains) ?? true, "its parent, before it,")
            for (index, segment) in run.segments.enumerated() {
                guard let parent = segment.parent else { continue }
                guard let number = segment.row.parentSegment else {
                    throw RegistryError.unsound(
                        place: "\(place), segment \(index + 1)",
                        what: "column parent_segment holds an invalid value")
                }
                let isOwn = parent == run.uuid && number <= index
                let isOthers = index == 0 && earlier.contains(parent)
                try need(isOwn || isOthers, "the parent of segment \(index + 1), before it,")
            }
            guard earlier.insert(run.uuid).inserted else { throw bad("two runs are the same") }
        }
        for model in models {
            for (_, version) in model.aliases where !uuids.contains(version) { throw bad("an alias names no version") }
            if let current = model.current, !uuids.contains(current) { throw bad("a current version does not exist") }
        }
    }

    private func bad(_ what: String) -> RegistryError { .unsound(place: "the record", what: what) }
}
