package import BPRegistry

/// A place that can be asked for runs, models, versions and their history.
///
/// A registry is one. A snapshot of a registry can be another, so that several answers belong to one moment, and so can a
/// hub that keeps the records of many registries. Lists, details, histories and plots read through this protocol alone.
package protocol RegistryReading {
    // MARK: Lists

    /// Calls `body` with each run that `query` asks for, in its order, newest first by default.
    func forEachRun(in query: ListQuery, _ body: (RunRecord) throws -> Void) throws

    /// The facts that the list of the runs matching `query` needs before it shows the first.
    func outline(ofRuns query: ListQuery, _ request: ListRequest) throws -> ListOutline

    /// Calls `body` with each run that `query` asks for and the values of `fields`, of an outline. With `withDetails` it
    /// has all its settings and metrics too.
    func forEachRun(
        in query: ListQuery, _ fields: [ListedField], withDetails: Bool, _ body: (ListedRow<RunRecord>) throws -> Void
    ) throws

    /// All models, by name.
    func models() throws -> [ModelRecord]

    /// How the current version of each model compares with its other versions, by the model's name.
    func standings() throws -> [String: ModelStanding]

    /// Calls `body` with each version that `query` asks for, of one model or of all, newest first by default.
    func forEachVersion(
        ofModel name: String?, in query: ListQuery, _ body: (VersionRecord) throws -> Void) throws

    /// As `outline(ofRuns:)`, of versions of one model or of all.
    func outline(ofVersions query: ListQuery, ofModel name: String?, _ request: ListRequest) throws -> ListOutline

    /// As `forEachRun` with fields, of versions of one model or of all. The settings are those of the version's run.
    func forEachVersion(
        ofModel name: String?, in query: ListQuery, _ fields: [ListedField], withDetails: Bool,
        _ body: (ListedRow<VersionRecord>) throws -> Void
    ) throws

    /// The aliases of a model, or of all.
    func aliases(ofModel name: String?) throws -> [AliasRecord]

    /// All datasets.
    func datasets() throws -> [DatasetRecord]

    // MARK: One thing

    /// The run, version or point that `reference` names.
    func resolve(_ reference: Reference) throws -> Resolved

    /// The run of this number.
    func run(_ number: Int) throws -> RunRecord

    /// A run with everything that is recorded of it but the series.
    func details(of run: RunRecord) throws -> RunDetails

    /// A version with its aliases, tags and notes.
    func details(of version: VersionRecord) throws -> VersionDetails

    /// The settings of a run, by name.
    func settings(ofRun number: Int) throws -> [Setting]

    // MARK: Series

    /// The stretches of the line that ends in a run's head, or in `segment`, oldest first.
    func line(ofRun number: Int, segment: Int?) throws -> [LineRecord]

    /// The versions that were made of a run's states, in the order in which they were made.
    func versions(ofRun number: Int) throws -> [VersionRecord]

    /// The segments of a run, in order.
    func segments(ofRun number: Int) throws -> [SegmentRecord]

    /// The epochs `first…last` that ended on a line.
    func epochs(ofRun number: Int, segment: Int?, from first: Int, to last: Int) throws -> [EpochRecord]

    /// The losses of the iterations `first…last` of a line.
    func losses(ofRun number: Int, segment: Int?, from first: Int, to last: Int) throws -> [Float]

    // MARK: Changes

    /// The events after event `id`, in order: of `subject`, or of everything. A reader that
    /// keeps the last number it has seen asks for the changes since then.
    func events(of subject: Subject?, after id: Int) throws -> [EventRecord]

    // MARK: Computing

    /// A registry on this machine that holds the run or version of `reference`, so that it can be computed with. A hub
    /// fetches it into a cache first.
    func registry(holding reference: Reference) throws -> Registry
}
