import BPStore
import BPJSON
import BPSQLite

/// Reads the parts of a record, and looks at each by itself.
struct RecordReader {
    let types: ColumnTypes
    /// The largest number that a run, a version or a note may have: the next must have room.
    static let largestNumber = 1 << 40

    func model(_ json: JSONValue, _ place: String) throws -> DecodedRecord.Model {
        let found = try types.row(json, .model, place)
        let name = try found.row.text("name")
        guard (try? ModelName(name)) != nil else { throw found.unsound("its name cannot be one") }
        _ = try number(found, "last_version", from: 0)
        let aliases = try types.rows(found.elements("aliases"), .alias, place).map { alias in
            guard let version = try alias.uuid("version") else { throw alias.unsound("it names no version") }
            guard (try? ModelName.alias(alias.row.text("name"))) != nil else {
                throw alias.unsound("its name cannot be one")
            }
            return (row: alias.row, version: version)
        }
        return DecodedRecord.Model(
            row: found.row, name: name, uuid: try uuid(found), current: try found.uuid("current_version"),
            aliases: aliases, events: try events(found))
    }

    func dataset(_ json: JSONValue, _ place: String) throws -> DecodedRecord.Dataset {
        let found = try types.row(json, .dataset, place)
        let columns = try types.rows(found.elements("columns"), .datasetColumn, place)
        var manifest = NewDataset(name: "", sourcePath: "", rowCount: try found.row.int("rows"), columns: [])
        for (index, column) in columns.enumerated() {
            guard try column.row.int("position") == index,
                let type = DatasetRecord.ColumnType(rawValue: try column.row.text("type"))
            else { throw column.unsound("its position or its type cannot be there") }
            manifest.columns.append(NewDataset.Column(name: try column.row.text("name"), type: type, bytes: []))
        }
        let hash = try digest(found, "hash")
        guard manifest.hash(ofColumns: try columns.map { try digest($0, "sha256") }) == hash else {
            throw found.unsound("it does not fit its hash")
        }
        var sum = 0
        for column in columns { try add(column.row.int("bytes"), to: &sum, column) }
        guard try sum == found.row.int("bytes") else { throw found.unsound("bytes is not what its columns have") }
        return DecodedRecord.Dataset(
            row: found.row, hash: hash, columns: columns.map(\.row), events: try events(found))
    }

    func run(_ json: JSONValue, _ place: String) throws -> DecodedRecord.Run {
        let found = try types.row(json, .run, place)
        let number = try number(found, "id", from: 1)
        let place = "run \(number)"
        func rows(_ name: String, _ kind: PortableTable) throws -> [PortableRow] {
            try types.rows(found.elements(name), kind, place)
        }
        guard let model = try found.reference("model") else { throw found.unsound("model is missing") }
        let segments = try rows("segments", .segment)
        let attempts = try rows("attempts", .attempt)
        for (index, row) in (segments + attempts).enumerated() {
            let expected = index < segments.count ? index + 1 : index - segments.count + 1
            guard try row.row.int("number") == expected else { throw row.unsound("its number is not \(expected)") }
        }
        guard !segments.isEmpty, !attempts.isEmpty else { throw found.unsound("it has no segment or no attempt") }
        for segment in segments { try checkLength(segment) }
        let settings = try rows("settings", .setting)
        for setting in settings {
            guard (try? SettingValue(setting.row)) != nil else { throw setting.unsound("its value is not of its kind") }
        }
        let evaluations = try rows("evaluations", .evaluation)
        for evaluation in evaluations {
            var told = evaluation.row
            told.set("loss", try evaluation.row.float("loss"))
            guard told.values == evaluation.row.values else { throw evaluation.unsound("loss is not loss_bits") }
            try checkPlace(evaluation, segments)
        }
        let keyframes = try rows("keyframes", .keyframe).map { keyframe in
            let tensors = try tensors(keyframe)
            var sum = 0
            for tensor in tensors { try add(tensor.bytes, to: &sum, keyframe) }
            guard try sum == keyframe.row.int("bytes") else {
                throw keyframe.unsound("bytes is not what its tensors have")
            }
            try checkPlace(keyframe, segments)
            return (row: keyframe.row, tensors: tensors)
        }
        let pins = try rows("pins", .pin)
        for pin in pins { try checkPlace(pin, segments) }
        let attached = try attached(found)
        for event in attached.events where event.kind == .rolledBack {
            guard canBeUndone(event, segments.count) else {
                throw found.unsound("event \(event.id) leads to what it never was")
            }
        }
        return DecodedRecord.Run(
            row: found.row, uuid: try uuid(found), number: number, model: model, spec: try digest(found, "spec"),
            dataset: try digest(found, "dataset"), parent: try found.uuid("parent_run"),
            segments: try segments.map { (row: $0.row, parent: try $0.uuid("parent_run")) },
            attempts: attempts.map(\.row), settings: settings.map(\.row),
            metrics: try rows("metrics", .metric).map(\.row), keyframes: keyframes,
            versions: try found.elements("versions").enumerated().map { index, json in
                try version(json, segments, "\(place), version \(index + 1)")
            }, evaluations: try evaluations.map { (row: $0.row, version: try $0.uuid("version")) },
            pins: pins.map(\.row), attached: attached)
    }

    private func version(
        _ json: JSONValue, _ segments: [PortableRow], _ place: String
    ) throws -> DecodedRecord.Version {
        let found = try types.row(json, .version, place)
        guard let model = try found.reference("model") else { throw found.unsound("model is missing") }
        try checkPlace(found, segments)
        return DecodedRecord.Version(
            row: found.row, uuid: try uuid(found), model: model, number: try number(found, "number", from: 1),
            tensors: try tensors(found), attached: try attached(found))
    }

    /// Whether what an undone rollback would put into the run's row can stand there.
    private func canBeUndone(_ event: DecodedRecord.Event, _ segments: Int) -> Bool {
        guard let from = event.detail["from"], let to = event.detail["to"],
            let segment = from["segment"]?.int, (1...segments).contains(segment),
            let next = to["segment"]?.int, (1...segments).contains(next)
        else { return false }
        let status = from["status"]?.string
        let isStatus = from["status"] == .null || status.map { RunStatus(rawValue: $0) != nil } == true
        let isTime = from["ended"] == .null || from["ended"]?.int.map { $0.magnitude <= 1 << 53 } == true
        return isStatus && isTime && status != "running" && status != "interrupted"
    }

    // MARK: What several have

    private func tensors(_ found: PortableRow) throws -> [DecodedRecord.Tensor] {
        try found.elements("tensors").map { json in
            guard let members = json.object, members.count == 3, let name = members["name"]?.string,
                let digest = members["tensor"]?.string.flatMap(portableBytes).flatMap({ SHA256Digest(bytes: $0) }),
                let bytes = members["bytes"]?.int, bytes >= 0
            else { throw found.unsound("a tensor is not of three members: name, tensor, bytes") }
            return DecodedRecord.Tensor(name: name, digest: digest, bytes: bytes)
        }
    }

    private func attached(_ found: PortableRow) throws -> DecodedRecord.Attached {
        let tags = try types.rows(found.elements("tags"), .tag, found.place)
        for tag in tags where (try? ModelName(tag.row.text("name"))) == nil {
            throw tag.unsound("its name cannot be one")
        }
        let notes = try types.rows(found.elements("notes"), .note, found.place)
        for note in notes { _ = try number(note, "id", from: 1) }
        return DecodedRecord.Attached(tags: tags.map(\.row), notes: notes.map(\.row), events: try events(found))
    }

    private func events(_ found: PortableRow) throws -> [DecodedRecord.Event] {
        var last = 0
        return try types.rows(found.elements("events"), .event, found.place).map { event in
            let id = try event.row.int("id")
            guard id > last else { throw event.unsound("it is out of order") }
            last = id
            guard let detail = try? JSONValue(parsing: event.row.text("detail")), detail.object != nil else {
                throw event.unsound("its detail is no JSON object")
            }
            return DecodedRecord.Event(
                id: id, at: try event.row.int64("at"), kind: EventKind(rawValue: try event.row.text("kind")),
                detail: detail)
        }
    }

    private func uuid(_ found: PortableRow) throws -> UUIDv7 {
        guard let uuid = try? found.row.uuid("uuid") else { throw found.unsound("uuid is none") }
        return uuid
    }

    private func digest(_ found: PortableRow, _ column: String) throws -> SHA256Digest {
        guard let digest = try? found.row.digest(column) else { throw found.unsound("\(column) is no SHA-256") }
        return digest
    }

    private func number(_ found: PortableRow, _ column: String, from least: Int) throws -> Int {
        let number = try found.row.int(column)
        guard (least...RecordReader.largestNumber).contains(number) else {
            throw found.unsound("\(column) \(number) is no number that one can have")
        }
        return number
    }

    private func add(_ bytes: Int, to sum: inout Int, _ found: PortableRow) throws {
        let (next, overflow) = sum.addingReportingOverflow(bytes)
        guard !overflow, bytes >= 0 else { throw found.unsound("bytes cannot be so many") }
        sum = next
    }

    /// Where a segment ends has room, and so have its epochs.
    private func checkLength(_ segment: PortableRow) throws {
        let row = segment.row
        let (first, iterations) = (try row.int("first_iteration"), try row.int("iterations"))
        let (kept, keptEpochs) = (try row.int("kept_iterations"), try row.int("kept_epochs"))
        let (length, overflow) = try row.int("iterations_per_epoch").multipliedReportingOverflow(by: keptEpochs + 1)
        let isPossible =
            first >= 1 && iterations >= 0 && first + iterations <= 1 << 53 && (0...iterations).contains(kept)
            && keptEpochs >= 0 && !overflow && length >= 0 && length <= 1 << 56
        guard isPossible, try row.int("epochs") >= keptEpochs else {
            throw segment.unsound("it cannot be so long")
        }
    }

    /// The iteration of something is one of its segment, or the one before the first.
    private func checkPlace(_ found: PortableRow, _ segments: [PortableRow]) throws {
        let (number, iteration) = (try found.row.int("segment"), try found.row.int("iteration"))
        guard (1...segments.count).contains(number) else { throw found.unsound("there is no segment \(number)") }
        let segment = segments[number - 1].row
        let first = try segment.int("first_iteration")
        guard iteration >= first - 1, try iteration < first + segment.int("iterations") else {
            throw found.unsound("iteration \(iteration) is not in segment \(number)")
        }
    }
}
