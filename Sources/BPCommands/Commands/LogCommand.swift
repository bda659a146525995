import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg log [REF]`
struct LogCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Shows what happened to a run, a model or a version, and where it stands.",
        usage: "bpreg log [RUN|MODEL|VERSION] [--limit N] [options]",
        discussion: """
            Ends, resumes, rollbacks, forks, pins, versions, aliases, tags, notes: in order, the newest last. Of a run \
            its segments are shown too, of a model its versions' pointers; without a name everything that happened.
            """)

    @Argument(help: "7, iris, iris:3; without it everything is meant.")
    var ref: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Only the last N events.", valueName: "n"))
    var limit: Int?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [
        .time("at"), .mark("about"), .sentences("what"), .hidden("kind"), .hidden("event"), .hidden("run"),
        .hidden("model"), .hidden("version"), .hidden("detail"),
    ]

    func execute(_ output: Output) throws -> ExitStatus {
        let limit = try self.limit.map { try Check.atLeast(1, $0, option: "--limit") }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let subject = try ref.map { try LogSubject($0, in: registry) }
        if options.format == .text { try subject?.write(in: registry, to: output) }
        let events = try subject?.events(in: registry) ?? registry.events()
        let table = TableWriter(LogCommand.columns, format: options.format, output: output)
        for event in events.suffix(limit ?? .max) { try table.add(LogCommand.row(event)) }
        try table.finish(empty: "nothing has happened yet")
        return .done
    }

    private static func row(_ event: EventRecord) -> [JSONValue] {
        let subject = EventSubject(event.subject.text)
        return [
            TimeText.json(event.at), .string(subject.text), .string(EventText.sentence(event)), .string(event.kind.rawValue),
            JSONValue(event.id), JSONValue(subject.run), JSONValue(subject.model), JSONValue(subject.version),
            (try? JSONValue(parsing: event.detailJSON)) ?? .null,
        ]
    }
}

/// What `log` is asked about.
private enum LogSubject {
    case run(RunRecord)
    case model(ModelRecord)
    case version(VersionRecord)

    init(_ text: String, in registry: Registry) throws {
        let reference = try Reference(text)
        // A model without a version has a history all the same.
        if case .model(let name) = reference, let model = try registry.models().first(where: { $0.name == name }) {
            self = .model(model)
            return
        }
        if case .run(let run, _, .some(let point)) = reference {
            throw Failure(
                .usage, "a whole run is wanted here, not a point of it: \(text)", at: "@\(point)",
                next: "bpreg log \(run)")
        }
        switch try registry.resolve(reference) {
        case .run(let run): self = .run(run)
        case .version(let version): self = .version(version)
        case .point(let point): self = .run(try registry.run(point.run))
        }
    }

    /// What happened to it: to a run and the versions made of it, to a model and its versions.
    func events(in registry: Registry) throws -> [EventRecord] {
        let subjects: [Subject]
        switch self {
        case .run(let run):
            subjects =
                [.run(run.number)]
                + (try registry.versions(ofRun: run.number).map { .version(model: $0.model, number: $0.number) })
        case .model(let model):
            subjects =
                [.model(model.name)]
                + (try registry.versions(ofModel: model.name).map { .version(model: model.name, number: $0.number) })
        case .version(let version): subjects = [.version(model: version.model, number: version.number)]
        }
        return try subjects.flatMap { try registry.events(of: $0) }.sorted { $0.id < $1.id }
    }

    /// Where it stands: heads and segments, or pointers.
    func write(in registry: Registry, to output: Output) throws {
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
            try LogSubject.write(try registry.segments(ofRun: run.number), of: run, in: registry, to: output)
        case .model(let model):
            fields.add("model", model.name)
            fields.add("current", model.currentVersion.map { "\(model.name):\($0)" } ?? "none")
            for alias in try registry.aliases(ofModel: model.name) {
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
        _ segments: [SegmentRecord], of run: RunRecord, in registry: Registry, to output: Output
    ) throws {
        let line = try registry.line(ofRun: run.number).filter { $0.run == run.number }
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
