extension Registry {
    // Runs
    /// All runs, newest first.
    public func runs() throws(RegistryError) -> [RunRecord] { fatalError() }
    /// - Throws: `notFound` telling which runs there are.
    public func run(_ number: Int) throws(RegistryError) -> RunRecord { fatalError() }
    public func spec(ofRun number: Int) throws(RegistryError) -> String { fatalError() }
    public func settings(ofRun number: Int) throws(RegistryError) -> [Setting] { fatalError() }
    public func segments(ofRun number: Int) throws(RegistryError) -> [SegmentRecord] { fatalError() }
    public func attempts(ofRun number: Int) throws(RegistryError) -> [AttemptRecord] { fatalError() }
    /// The newest run that is interrupted, stopped or failed.
    public func newestResumableRun() throws(RegistryError) -> RunRecord? { fatalError() }

    // Series, on the line that ends in `segment` (the head unless said)
    public func epochs(ofRun number: Int, segment: Int? = nil, from: Int = 1, to: Int = .max) throws(RegistryError)
        -> [EpochRecord] { fatalError() }
    public func losses(ofRun number: Int, segment: Int? = nil, from: Int = 1, to: Int = .max) throws(RegistryError)
        -> [Float] { fatalError() }
    /// Pages of at most 65,536 losses, each with its first iteration.
    public func forEachLosses(
        ofRun number: Int, segment: Int? = nil, from: Int = 1, to: Int = .max,
        _ body: (_ firstIteration: Int, _ losses: [Float]) throws(RegistryError) -> Void
    ) throws(RegistryError) { fatalError() }
    public func forEachEpochs(
        ofRun number: Int, segment: Int? = nil, from: Int = 1, to: Int = .max,
        _ body: ([EpochRecord]) throws(RegistryError) -> Void
    ) throws(RegistryError) { fatalError() }

    // Keyframes and tensors
    public func keyframes(ofRun number: Int, segment: Int? = nil) throws(RegistryError) -> [KeyframeRecord] {
        fatalError()
    }
    public func newestFullKeyframe(ofRun number: Int, segment: Int? = nil, atOrBefore iteration: Int = .max)
        throws(RegistryError) -> KeyframeRecord?
    { fatalError() }
    /// A keyframe of either kind at exactly this iteration.
    public func keyframe(ofRun number: Int, segment: Int? = nil, at iteration: Int) throws(RegistryError)
        -> KeyframeRecord?
    { fatalError() }
    /// The bytes of a tensor, checked against their hash.
    public func tensor(_ digest: SHA256Digest) throws(RegistryError) -> [UInt8] { fatalError() }
    public func floats(_ digest: SHA256Digest) throws(RegistryError) -> [Float] { fatalError() }

    // Models and versions
    public func models() throws(RegistryError) -> [ModelRecord] { fatalError() }
    public func versions(ofModel name: String? = nil) throws(RegistryError) -> [VersionRecord] { fatalError() }
    public func version(ofModel name: String, _ number: Int) throws(RegistryError) -> VersionRecord { fatalError() }
    public func versions(ofRun number: Int) throws(RegistryError) -> [VersionRecord] { fatalError() }
    public func evaluations(ofRun number: Int) throws(RegistryError) -> [EvaluationRecord] { fatalError() }
    public func events(of subject: String? = nil) throws(RegistryError) -> [EventRecord] { fatalError() }

    // Datasets
    public func storeDataset(_ dataset: NewDataset) throws(RegistryError) -> SHA256Digest { fatalError() }
    public func datasets() throws(RegistryError) -> [DatasetRecord] { fatalError() }
    public func dataset(_ hash: SHA256Digest) throws(RegistryError) -> DatasetRecord { fatalError() }
    /// By a unique prefix of its hash.
    public func dataset(prefix: String) throws(RegistryError) -> DatasetRecord { fatalError() }
    public func columnBytes(_ hash: SHA256Digest, column index: Int) throws(RegistryError) -> [UInt8] { fatalError() }

    // References
    public func resolve(_ reference: Reference) throws(RegistryError) -> Resolved { fatalError() }
    /// As `resolve`, but where a run is named without a point it is `@best` with a validation split, else `@last`.
    public func resolveWeights(_ reference: Reference) throws(RegistryError) -> Resolved { fatalError() }

    // Writing runs
    public func createRun(_ new: NewRun) throws(RegistryError) -> RunWriter { fatalError() }
    public func resumeRun(_ number: Int, attempt: AttemptSettings) throws(RegistryError) -> RunWriter { fatalError() }

    /// Checks everything; what it finds is in the report, it throws only where nothing can be read at all.
    public func verify() throws(RegistryError) -> VerifyReport { fatalError() }
    /// As the method, but for whatever lies at `path`.
    public static func verify(at path: String, environment: RegistryEnvironment = .system) throws(RegistryError)
        -> VerifyReport
    { fatalError() }
}

/// What a reference names.
public enum Resolved: Sendable, Equatable {
    /// A run, no point of it being named.
    case run(RunRecord)
    case point(Point)
    case version(VersionRecord)
}

/// The state of a run after `iteration` updates, on the line that ends in `lineSegment`.
public struct Point: Sendable, Equatable {
    public let run: Int
    /// The segment whose line is meant.
    public let lineSegment: Int
    public let iteration: Int
    /// How many epochs had ended.
    public let epoch: Int
}

/// What `verify` found.
public struct VerifyReport: Sendable, Equatable {
    public var findings: [Finding]
    /// What was looked at: rows, blocks, iterations, tensors, bytes.
    public var counts: [Count]
    public var isSound: Bool { findings.isEmpty }

    /// One thing that does not fit.
    public struct Finding: Sendable, Equatable {
        public let table: String
        public let row: String
        public let what: String
    }

    /// How many of one kind were checked.
    public struct Count: Sendable, Equatable {
        public let name: String
        public let value: Int
    }
}
