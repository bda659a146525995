import BPJSON
package import BPRegistry

/// The list of events.
package enum EventList {
    private static let columns = ListColumns<EventRecord>([
        (.time("at"), { TimeText.json($0.at) }),
        (.mark("about"), { .string($0.subject.description) }),
        (.sentences("what"), { .string(EventText.sentence($0)) }),
        (.hidden("kind"), { .string($0.kind.rawValue) }),
        (.hidden("event"), { JSONValue($0.id) }),
        (.hidden("run"), { JSONValue($0.subject.run) }),
        (.hidden("model"), { JSONValue($0.subject.model) }),
        (.hidden("version"), { JSONValue($0.subject.version) }),
        (.hidden("detail"), { (try? JSONValue(parsing: $0.detailJSON)) ?? .null }),
    ])

    /// Prints events.
    package static func write(
        _ events: some Sequence<EventRecord>, as format: OutputFormat, to output: Output
    ) throws {
        try columns.write(events, as: format, empty: "nothing has happened yet", to: output)
    }
}

/// A thing with a history of its own: a run, a model or a version.
package enum LogSubject {
    case run(RunRecord)
    case model(ModelRecord)
    case version(VersionRecord)

    package init(_ text: String, in reading: any RegistryReading) throws {
        let reference = try Reference(text)
        // A model without a version has a history all the same.
        if case .model(let name) = reference, let model = try reading.models().first(where: { $0.name == name }) {
            self = .model(model)
            return
        }
        if case .run(let run, _, .some(let point)) = reference {
            throw Failure(
                .usage, "this needs a whole run, not a point of it: \(text)", at: "@\(point)",
                next: "bpreg log \(run)")
        }
        switch try reading.resolve(reference) {
        case .run(let run): self = .run(run)
        case .version(let version): self = .version(version)
        case .point(let point): self = .run(try reading.run(point.run))
        }
    }

    /// Its events and those of its versions.
    package func events(in reading: any RegistryReading) throws -> [EventRecord] {
        let subjects: [Subject]
        switch self {
        case .run(let run):
            subjects =
                [.run(run.number)]
                + (try reading.versions(ofRun: run.number).map { .version(model: $0.model, number: $0.number) })
        case .model(let model):
            var all: [Subject] = [.model(model.name)]
            try reading.forEachVersion(ofModel: model.name, in: ListQuery()) {
                all.append(.version(model: model.name, number: $0.number))
            }
            subjects = all
        case .version(let version): subjects = [.version(model: version.model, number: version.number)]
        }
        return try subjects.flatMap { try reading.events(of: $0, after: 0) }.sorted { $0.id < $1.id }
    }

    /// Prints where it is now: the head and the segments of a run, the pointers of a model.
    package func write(in reading: any RegistryReading, to output: Output) throws {
        var fields = Fields()
        switch self {
        case .run(let run):
            fields.add("run", "\(run.number) of model \(run.model), \(TrainingText.status(run.status, run.reason))")
            fields.add(
                "head",
                "segment \(run.headSegment): iteration \(NumberText.grouped(run.iterations)), "
                    + "epoch \(NumberText.grouped(run.epochs))")
            try fields.write(to: output)
            try output.line()
            try LogSubject.write(try reading.segments(ofRun: run.number), of: run, in: reading, to: output)
        case .model(let model):
            fields.add("model", model.name)
            fields.add("current", model.currentVersion.map { "\(model.name):\($0)" } ?? "none")
            for alias in try reading.aliases(ofModel: model.name) {
                fields.add("@\(alias.name)", "\(model.name):\(alias.version)")
            }
            fields.add("versions", "\(model.versionCount)")
            fields.add("runs", "\(model.runCount)")
            try fields.write(to: output)
        case .version(let version):
            fields.add("version", version.name + (version.isCurrent ? ", current" : ""))
            fields.add("origin", "\(version.run).\(version.segment)@iteration:\(version.iteration)")
            try fields.write(to: output)
        }
        try output.line()
    }

    private static let segmentColumns: [TableColumn] = [
        .count("segment"), .mark("goes on from"), .count("iterations"), .count("epochs"), .mark("state"),
    ]

    private static func write(
        _ segments: [SegmentRecord], of run: RunRecord, in reading: any RegistryReading, to output: Output
    ) throws {
        let line = try reading.line(ofRun: run.number, segment: nil).filter { $0.run == run.number }
        let table = TableWriter(segmentColumns, format: .text, output: output)
        for segment in segments {
            let origin = segment.parentRun.map { parent in
                "\(parent).\(segment.parentSegment ?? 1)@iteration:\(segment.firstIteration - 1)"
            }
            let part = line.first { $0.segment == segment.number }
            let kept = part.map { max(0, $0.last - $0.first + 1) } ?? 0
            let lost = segment.iterations - kept
            let state: String =
                if part == nil {
                    "superseded"
                } else if segment.number == run.headSegment {
                    "head"
                } else {
                    lost == 0
                        ? "" : "superseded after iteration \(NumberText.grouped(segment.firstIteration - 1 + kept))"
                }
            try table.add([
                JSONValue(segment.number), .string(origin ?? "first weights"),
                .string(NumberText.grouped(segment.iterations)), .string(NumberText.grouped(segment.epochs)),
                .string([state, segment.freedText ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")),
            ])
        }
        try table.finish(empty: "")
    }
}
