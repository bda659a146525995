import BPJSON
import BPRegistry
import BPStore

/// Reads the rows of a document, and checks each one separately.
struct DocumentReader {
    let rows: RowReader
    /// The largest number that a run, a version or a note may have, which leaves room for the next.
    static let largestNumber = 1 << 40

    func model(_ json: JSONValue, _ place: String) throws -> TransferContents.Model {
        let found = try rows.row(json, RowFormats.model, place)
        guard (try? ModelName(found.row.name)) != nil else { throw found.rest.unsound("its name is not valid") }
        try check(found.row.lastVersion, "last_version", from: 0, found.rest)
        let aliases = try rows.rows(found.rest.elements("aliases"), RowFormats.alias, place).map { alias in
            guard let version = try alias.rest.uuid("version") else { throw alias.rest.unsound("it names no version") }
            guard (try? ModelName.alias(alias.row.name)) != nil else {
                throw alias.rest.unsound("its name is not valid")
            }
            return (row: alias.row, version: version)
        }
        return TransferContents.Model(
            row: found.row, current: try found.rest.uuid("current_version"), aliases: aliases,
            events: try events(found.rest))
    }

    func dataset(_ json: JSONValue, _ place: String) throws -> TransferContents.Dataset {
        let found = try rows.row(json, RowFormats.dataset, place)
        let columns = try rows.rows(found.rest.elements("columns"), RowFormats.datasetColumn, place)
        var manifest = NewDataset(name: "", sourcePath: "", rowCount: found.row.rows, columns: [])
        var sum = 0
        for (index, column) in columns.enumerated() {
            guard column.row.position == index else {
                throw column.rest.unsound("its position or its type is not valid")
            }
            manifest.columns.append(NewDataset.Column(name: column.row.name, type: column.row.type, bytes: []))
        }
        guard manifest.hash(ofColumns: columns.map(\.row.sha256)) == found.row.hash else {
            throw found.rest.unsound("it does not fit its hash")
        }
        for column in columns { try add(column.row.bytes, to: &sum, column.rest) }
        guard sum == found.row.bytes else { throw found.rest.unsound("bytes is not the sum of its columns") }
        return TransferContents.Dataset(row: found.row, columns: columns.map(\.row), events: try events(found.rest))
    }

    func run(_ json: JSONValue, _ place: String) throws -> TransferContents.Run {
        let found = try rows.row(json, RowFormats.run, place)
        try check(found.row.id, "id", from: 1, found.rest)
        let place = "run \(found.row.id)"
        func list<Row>(_ name: String, _ format: RowFormat<Row>) throws -> [ReadRow<Row>] {
            try rows.rows(found.rest.elements(name), format, place)
        }
        guard let model = try found.rest.text("model") else { throw found.rest.unsound("model is missing") }
        let segments = try list("segments", RowFormats.segment)
        let attempts = try list("attempts", RowFormats.attempt)
        for (index, segment) in segments.enumerated() { try check(segment.row.number, is: index + 1, segment.rest) }
        for (index, attempt) in attempts.enumerated() { try check(attempt.row.number, is: index + 1, attempt.rest) }
        guard !segments.isEmpty, !attempts.isEmpty else { throw found.rest.unsound("it has no segment or no attempt") }
        for segment in segments { try checkLength(segment) }
        let settings = try list("settings", RowFormats.setting)
        for setting in settings where SettingValue(setting.row.kind, text: setting.row.text) == nil {
            throw setting.rest.unsound("its value is not of its kind")
        }
        let lengths = segments.map(\.row)
        let evaluations = try list("evaluations", RowFormats.evaluation)
        for evaluation in evaluations {
            try checkPlace(evaluation.row.segment, evaluation.row.iteration, lengths, evaluation.rest)
        }
        let keyframes = try list("keyframes", RowFormats.keyframe).map { keyframe in
            let tensors = try tensors(keyframe.rest)
            var sum = 0
            for tensor in tensors { try add(tensor.bytes, to: &sum, keyframe.rest) }
            guard sum == keyframe.row.bytes else { throw keyframe.rest.unsound("bytes is not the sum of its tensors") }
            try checkPlace(keyframe.row.segment, keyframe.row.iteration, lengths, keyframe.rest)
            return (row: keyframe.row, tensors: tensors)
        }
        let pins = try list("pins", RowFormats.pin)
        for pin in pins { try checkPlace(pin.row.segment, pin.row.iteration, lengths, pin.rest) }
        let annotations = try annotations(found.rest)
        for event in annotations.events where event.kind == .rolledBack {
            guard canBeUndone(event, segments.count) else {
                throw found.rest.unsound("event \(event.id) would undo to a state that it never had")
            }
        }
        return TransferContents.Run(
            row: found.row, model: model, parent: try found.rest.uuid("parent_run"),
            segments: try segments.map { (row: $0.row, parent: try $0.rest.uuid("parent_run")) },
            attempts: attempts.map(\.row), settings: settings.map(\.row),
            metrics: try list("metrics", RowFormats.metric).map(\.row), keyframes: keyframes,
            versions: try found.rest.elements("versions").enumerated().map { index, json in
                try version(json, lengths, "\(place), version \(index + 1)")
            }, evaluations: try evaluations.map { (row: $0.row, version: try $0.rest.uuid("version")) },
            pins: pins.map(\.row), annotations: annotations)
    }

    private func version(
        _ json: JSONValue, _ segments: [SegmentRecord], _ place: String
    ) throws -> TransferContents.Version {
        let found = try rows.row(json, RowFormats.version, place)
        guard let model = try found.rest.text("model") else { throw found.rest.unsound("model is missing") }
        try checkPlace(found.row.segment, found.row.iteration, segments, found.rest)
        try check(found.row.number, "number", from: 1, found.rest)
        return TransferContents.Version(
            row: found.row, model: model, tensors: try tensors(found.rest), annotations: try annotations(found.rest))
    }

    /// Whether undoing a rollback would only put values into the run's row that it can hold.
    private func canBeUndone(_ event: TransferContents.Event, _ segments: Int) -> Bool {
        guard let from = event.detail["from"], let to = event.detail["to"],
            let segment = from["segment"]?.int, (1...segments).contains(segment),
            let next = to["segment"]?.int, (1...segments).contains(next)
        else { return false }
        let status = from["status"]?.string
        let isStatus = from["status"] == .null || status.map { RunStatus(rawValue: $0) != nil } == true
        let isTime = from["ended"] == .null || from["ended"]?.int.map { $0.magnitude <= 1 << 53 } == true
        return isStatus && isTime && status != "running" && status != "interrupted"
    }

    // MARK: Common members

    private func tensors(_ rest: JSONMembers) throws -> [TransferContents.Tensor] {
        try rest.elements("tensors").map { json in
            guard let members = json.object, members.count == 3, let name = members["name"]?.string,
                let digest = members["tensor"]?.string.flatMap(lowerCaseHexBytes).flatMap({ SHA256Digest(bytes: $0) }),
                let bytes = members["bytes"]?.int, bytes >= 0
            else { throw rest.unsound("a tensor is not of three members: name, tensor, bytes") }
            return TransferContents.Tensor(name: name, digest: digest, bytes: bytes)
        }
    }

    private func annotations(_ rest: JSONMembers) throws -> TransferContents.Annotations {
        let tags = try rows.rows(rest.elements("tags"), RowFormats.tag, rest.place)
        for tag in tags where (try? ModelName(tag.row.name)) == nil { throw tag.rest.unsound("its name is not valid") }
        let notes = try rows.rows(rest.elements("notes"), RowFormats.note, rest.place)
        for note in notes { try check(note.row.id, "id", from: 1, note.rest) }
        return TransferContents.Annotations(tags: tags.map(\.row), notes: notes.map(\.row), events: try events(rest))
    }

    private func events(_ rest: JSONMembers) throws -> [TransferContents.Event] {
        var last = 0
        return try rows.rows(rest.elements("events"), RowFormats.event, rest.place).map { event in
            let row = event.row
            guard row.id > last else { throw event.rest.unsound("it is out of order") }
            last = row.id
            guard let detail = try? JSONValue(parsing: row.detailJSON), detail.object != nil else {
                throw event.rest.unsound("its detail is not a JSON object")
            }
            return TransferContents.Event(id: row.id, at: row.at, kind: row.kind, detail: detail)
        }
    }

    private func check(_ number: Int, _ column: String, from least: Int, _ rest: JSONMembers) throws {
        guard (least...DocumentReader.largestNumber).contains(number) else {
            throw rest.unsound("\(column) \(number) is not a valid number")
        }
    }

    private func check(_ number: Int, is expected: Int, _ rest: JSONMembers) throws {
        guard number == expected else { throw rest.unsound("its number is not \(expected)") }
    }

    private func add(_ bytes: Int, to sum: inout Int, _ rest: JSONMembers) throws {
        let (next, overflow) = sum.addingReportingOverflow(bytes)
        guard !overflow, bytes >= 0 else { throw rest.unsound("the sum of bytes is not possible") }
        sum = next
    }

    /// The numbers of the last iteration and the last epoch of a segment do not overflow.
    private func checkLength(_ segment: ReadRow<SegmentRecord>) throws {
        let row = segment.row
        let (length, overflow) = row.iterationsPerEpoch.multipliedReportingOverflow(by: row.keptEpochs + 1)
        let isPossible =
            row.firstIteration >= 1 && row.iterations >= 0 && row.firstIteration + row.iterations <= 1 << 53
            && (0...row.iterations).contains(row.keptIterations)
            && row.keptEpochs >= 0 && !overflow && length >= 0 && length <= 1 << 56
        guard isPossible, row.epochs >= row.keptEpochs else { throw segment.rest.unsound("its length is not possible") }
    }

    /// The iteration is one of the segment, or the one before its first.
    private func checkPlace(
        _ number: Int, _ iteration: Int, _ segments: [SegmentRecord], _ rest: JSONMembers
    ) throws {
        guard (1...segments.count).contains(number) else { throw rest.unsound("there is no segment \(number)") }
        let segment = segments[number - 1]
        guard iteration >= segment.firstIteration - 1, iteration < segment.firstIteration + segment.iterations else {
            throw rest.unsound("iteration \(iteration) is not in segment \(number)")
        }
    }
}
