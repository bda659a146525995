package import BPRegistry
import BPTraining

extension Registry: RegistryReading {
    package func registry(holding reference: Reference) -> Registry { self }
}

extension RegistrySnapshot: RegistryReading {
    package func registry(holding reference: Reference) -> Registry { registry }
}

// A registry and a snapshot of one are read alike.
extension RegistryReading where Self: SnapshotReading {
    package func forEachRun(in query: ListQuery, _ body: (RunRecord) throws -> Void) throws {
        try Self.forEach(runs(query), body)
    }

    package func forEachVersion(
        ofModel name: String?, in query: ListQuery, _ body: (VersionRecord) throws -> Void
    ) throws {
        try Self.forEach(versions(ofModel: name, query), body)
    }

    package func forEachRun(
        in query: ListQuery, _ fields: [ListedField], withDetails: Bool, _ body: (ListedRow<RunRecord>) throws -> Void
    ) throws {
        try Self.forEach(listedRuns(query, fields, withDetails: withDetails), body)
    }

    package func forEachVersion(
        ofModel name: String?, in query: ListQuery, _ fields: [ListedField], withDetails: Bool,
        _ body: (ListedRow<VersionRecord>) throws -> Void
    ) throws {
        try Self.forEach(listedVersions(query, ofModel: name, fields, withDetails: withDetails), body)
    }

    private static func forEach<Row>(_ listing: Listing<Row>, _ body: (Row) throws -> Void) throws {
        while true {
            let page = try listing.next()
            if page.isEmpty { return }
            for row in page { try body(row) }
        }
    }

    package func details(of run: RunRecord) throws -> RunDetails {
        let number = run.number
        let versions = try versions(ofRun: number)
        let ofVersions = Set(versions.compactMap(\.archive?.id))
        return try RunDetails(
            run: run, specJSON: spec(ofRun: number), segments: segments(ofRun: number),
            line: line(ofRun: number), attempts: attempts(ofRun: number), keyframes: keyframes(ofRun: number),
            versions: versions, evaluations: evaluations(ofRun: number), pins: pins(ofRun: number),
            annotations: annotations(of: .run(number)),
            archives: archives().filter { $0.subject == .run(number) || ofVersions.contains($0.id) },
            datasetRows: dataset(run.dataset).rows)
    }

    package func details(of version: VersionRecord) throws -> VersionDetails {
        try VersionDetails(
            version: version,
            aliases: aliases(ofModel: version.model).filter { $0.version == version.number }.map(\.name),
            annotations: annotations(of: .version(model: version.model, number: version.number)),
            line: line(ofRun: version.run))
    }

    private func annotations(of subject: Subject) throws -> AnnotationDetails {
        AnnotationDetails(tags: try tags(of: subject), notes: try notes(of: subject))
    }
}
