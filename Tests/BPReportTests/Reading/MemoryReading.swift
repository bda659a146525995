import BPRegistry
import Foundation

@testable import BPReport

/// Records in memory behind `RegistryReading`, as a hub has them elsewhere: copied from a registry that may be gone by the
/// time they are shown.
struct MemoryReading: RegistryReading {
    private var runs: [RunRecord] = []
    private var versionsOfRun: [Int: [VersionRecord]] = [:]
    private var runDetails: [Int: RunDetails] = [:]
    private var versionDetails: [String: VersionDetails] = [:]
    private var settingsOfRun: [Int: [Setting]] = [:]
    private var segmentsOfRun: [Int: [SegmentRecord]] = [:]
    private var series: [Line: Series] = [:]
    private var allModels: [ModelRecord]
    private var allAliases: [AliasRecord]
    private var allDatasets: [DatasetRecord]
    private var allEvents: [EventRecord]
    private var allStandings: [String: ModelStanding]
    private var listedRuns: Listed<RunRecord>
    private var listedVersions: Listed<VersionRecord>

    /// The rows of a list with the values of all fields that its text shows, by name.
    private struct Listed<Record: Sendable> {
        let outline: ListOutline
        var rows: [(row: ListedRow<Record>, values: [String: FieldValue])] = []

        func forEach(_ fields: [ListedField], _ body: (ListedRow<Record>) throws -> Void) rethrows {
            for (row, values) in rows {
                try body(
                    ListedRow(
                        row: row.row, record: row.record, values: fields.map { values[$0.name] ?? .missing },
                        settings: row.settings, metrics: row.metrics))
            }
        }
    }

    /// A line: of a run's head, or of a segment.
    private struct Line: Hashable {
        let run: Int
        let segment: Int?
    }

    private struct Series {
        let line: [LineRecord]
        let epochs: [EpochRecord]
        let losses: [Float]
    }

    /// Copies everything from `registry`.
    init(of registry: Registry) throws {
        allModels = try registry.models()
        allAliases = try registry.aliases()
        allDatasets = try registry.datasets()
        allEvents = try registry.events()
        allStandings = try registry.standings()
        var (ofRuns, ofVersions) = (RunList.request, VersionList.request)
        (ofRuns.wantsNames, ofVersions.wantsNames) = (true, true)
        listedRuns = Listed(outline: try registry.outline(ofRuns: ListQuery(), ofRuns))
        listedVersions = Listed(
            outline: try registry.outline(ofVersions: ListQuery(), ofModel: nil, ofVersions))
        func fields(_ outline: ListOutline) -> [ListedField] { outline.fields + outline.settings.map(\.field) }
        let (runFields, versionFields) = (fields(listedRuns.outline), fields(listedVersions.outline))
        try registry.forEachRun(in: ListQuery(), runFields, withDetails: true) { row in
            listedRuns.rows.append((row, Dictionary(zip(runFields.map(\.name), row.values)) { first, _ in first }))
        }
        try registry.forEachVersion(ofModel: nil, in: ListQuery(), versionFields, withDetails: true) { row in
            listedVersions.rows.append(
                (row, Dictionary(zip(versionFields.map(\.name), row.values)) { first, _ in first }))
        }
        for run in try registry.runs() {
            let number = run.number
            runs.append(run)
            runDetails[number] = try registry.details(of: run)
            versionsOfRun[number] = try registry.versions(ofRun: number)
            settingsOfRun[number] = try registry.settings(ofRun: number)
            let segments = try registry.segments(ofRun: number)
            segmentsOfRun[number] = segments
            for segment in [nil] + segments.map({ Int?($0.number) }) {
                series[Line(run: number, segment: segment)] = Series(
                    line: try registry.line(ofRun: number, segment: segment),
                    epochs: try registry.epochs(ofRun: number, segment: segment),
                    losses: try registry.losses(ofRun: number, segment: segment))
            }
        }
        for version in try registry.versions() {
            versionDetails[version.name] = try registry.details(of: version)
        }
    }

    // MARK: Lists

    func forEachRun(in query: ListQuery, _ body: (RunRecord) throws -> Void) throws {
        for run in runs.prefix(query.limit ?? .max) { try body(run) }
    }

    func outline(ofRuns query: ListQuery, _ request: ListRequest) -> ListOutline { listedRuns.outline }

    func forEachRun(
        in query: ListQuery, _ fields: [ListedField], withDetails: Bool, _ body: (ListedRow<RunRecord>) throws -> Void
    ) throws {
        try listedRuns.forEach(fields, body)
    }

    func outline(ofVersions query: ListQuery, ofModel name: String?, _ request: ListRequest) -> ListOutline {
        listedVersions.outline
    }

    func forEachVersion(
        ofModel name: String?, in query: ListQuery, _ fields: [ListedField], withDetails: Bool,
        _ body: (ListedRow<VersionRecord>) throws -> Void
    ) throws {
        try listedVersions.forEach(fields, body)
    }

    func standings() -> [String: ModelStanding] { allStandings }

    func models() -> [ModelRecord] { allModels }

    func forEachVersion(
        ofModel name: String?, in query: ListQuery, _ body: (VersionRecord) throws -> Void
    ) throws {
        let versions = versionDetails.values.map(\.version).filter { name == nil || $0.model == name }
        for version in versions.sorted(by: { $0.created > $1.created }).prefix(query.limit ?? .max) {
            try body(version)
        }
    }

    func aliases(ofModel name: String?) -> [AliasRecord] { allAliases.filter { name == nil || $0.model == name } }

    func datasets() -> [DatasetRecord] { allDatasets }

    // MARK: One thing

    func run(_ number: Int) throws -> RunRecord {
        guard let run = runs.first(where: { $0.number == number }) else { throw Elsewhere(what: "\(number)") }
        return run
    }

    func resolve(_ reference: Reference) throws -> Resolved {
        switch reference {
        case .run(let number, nil, nil):
            if let run = runs.first(where: { $0.number == number }) { return .run(run) }
        case .version(let model, let number):
            if let details = versionDetails["\(model):\(number)"] { return .version(details.version) }
        case .model(let model):
            if let details = versionDetails.values.first(where: { $0.version.model == model && $0.version.isCurrent }) {
                return .version(details.version)
            }
        default: break
        }
        throw Elsewhere(what: reference.description)
    }

    func details(of run: RunRecord) throws -> RunDetails { try found(runDetails[run.number]) }

    func details(of version: VersionRecord) throws -> VersionDetails { try found(versionDetails[version.name]) }

    func settings(ofRun number: Int) throws -> [Setting] { try found(settingsOfRun[number]) }

    // MARK: Series

    func line(ofRun number: Int, segment: Int?) throws -> [LineRecord] {
        try found(series[Line(run: number, segment: segment)]).line
    }

    func versions(ofRun number: Int) throws -> [VersionRecord] { try found(versionsOfRun[number]) }

    func segments(ofRun number: Int) throws -> [SegmentRecord] { try found(segmentsOfRun[number]) }

    func epochs(ofRun number: Int, segment: Int?, from first: Int, to last: Int) throws -> [EpochRecord] {
        try found(series[Line(run: number, segment: segment)]).epochs.filter { first <= $0.epoch && $0.epoch <= last }
    }

    func losses(ofRun number: Int, segment: Int?, from first: Int, to last: Int) throws -> [Float] {
        let all = try found(series[Line(run: number, segment: segment)]).losses
        return Array(all[min(first - 1, all.count)..<min(last, all.count)])
    }

    // MARK: Changes and computing

    func events(of subject: Subject?, after id: Int) -> [EventRecord] {
        allEvents.filter { ($0.subject == subject || subject == nil) && $0.id > id }
    }

    func registry(holding reference: Reference) throws -> Registry { throw Elsewhere(what: reference.description) }

    private struct Elsewhere: Error {
        let what: String
    }

    private func found<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Elsewhere(what: "\(Value.self)") }
        return value
    }
}
