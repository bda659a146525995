@_exported public import BPStore

/// The persistent store: one SQLite file that holds models, versions, runs, every iteration's loss, every epoch,
/// keyframes and datasets.
///
/// A registry may be used from several threads. Each call is a transaction of its own, and no read holds one longer
/// than a page of rows takes. `read` gives several reads the same state of the registry. Every row is checked against
/// its seal when it is read.
public final class Registry: Sendable, SnapshotReading {
    /// The purpose of opening a registry.
    public typealias Purpose = BPStore.Purpose
    /// The durability of a commit.
    public typealias Durability = BPStore.Durability
    /// An effect of opening a registry that a person should know about.
    public typealias Notice = OpeningNotice

    /// The path of its file.
    public let path: String
    /// The durability of its commits.
    public let durability: Durability
    /// The notices from opening it.
    public let notices: [Notice]
    /// Whether there was a log beside the file before it was opened: it was in use, or its last process was killed.
    package let hadLog: Bool
    package let environment: RegistryEnvironment
    /// The files that are open; nil if they are read as they lie.
    let place: StorePlace?
    private let connections: Connections
    private let isReadOnly: Bool

    private init(_ store: Store, _ opening: Opening, notices: [Notice]) {
        (path, durability) = (store.path, opening.durability)
        self.notices = notices
        environment = opening.environment
        (place, hadLog, isReadOnly) = (store.place, store.hadLog, opening.purpose == .reading)
        connections = Connections(store, opening)
    }

    /// Opens the registry at `path`. With `purpose` `.creating`, creates it if there is none.
    /// - Parameters:
    ///   - path: the file.
    ///   - purpose: an older registry is migrated for `.creating` and `.writing`; `.reading` writes nothing.
    ///   - durability: the durability of its commits; by default they survive a power cut.
    /// - Throws: `none` if there is none (and `purpose` is not `.creating`), `unusable`, `readOnly`, `foreign`,
    ///   `schemaNewer`, `schemaOlder` (reading), `schemaEdited`, `alive` (a migration is due while a run is alive),
    ///   `log` (its log is missing or cannot be used), `replaced`, `damaged`, `diskFull`, `inputOutput`, `busy`.
    public convenience init(
        _ path: String, for purpose: Purpose = .creating, durability: Durability = .full
    ) throws(RegistryError) {
        try self.init(Opening(path: path, purpose: purpose, durability: durability, environment: .system))
    }

    private convenience init(_ opening: Opening) throws(RegistryError) {
        let (store, notices) = try opening.open()
        self.init(store, opening, notices: notices)
    }

    /// As `init`, but a test may supply another environment.
    package static func open(
        at path: String, for purpose: Purpose, durability: Durability = .full,
        environment: RegistryEnvironment = .system
    ) throws(RegistryError) -> Registry {
        try Registry(Opening(path: path, purpose: purpose, durability: durability, environment: environment))
    }

    deinit { try? close() }

    /// Checkpoints and closes; every later call throws.
    public func close() throws(RegistryError) { try connections.close() }

    /// Uses the connection that writes. If its file was deleted or replaced meanwhile, what it has open is saved.
    /// - Parameter run: the run that is recorded, for the name of the copy.
    package func withStore<Result>(
        rescuing run: Int? = nil, _ body: (Store) throws -> Result
    ) throws(RegistryError) -> Result {
        try connections.withMain { store in
            do {
                return try body(store)
            } catch {
                throw isReadOnly ? error : store.rescued(error, run: run)
            }
        }
    }

    /// Makes sure that the path still leads to the file that is open, before success is reported about it.
    /// - Parameter run: the run that was recorded, for the name of the copy that is saved otherwise.
    /// - Throws: `replaced`, with what became of the open file.
    package func checkPlace(run: Int? = nil) throws(RegistryError) {
        try withStore(rescuing: run) { try $0.checkPlace() }
    }

    /// Uses a connection for a read that may take long, in transactions of its own.
    package func withReader<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try connections.withReader(body)
    }

    /// Calls `body` with one state of the registry, in one transaction of a free connection.
    public func withSnapshot<Result>(
        _ body: (RegistrySnapshot) throws -> Result
    ) throws(RegistryError) -> Result {
        try connections.withAny { store in
            let snapshot = RegistrySnapshot(store, of: self)
            defer { snapshot.end() }
            return try store.read { try body(snapshot) }
        }
    }

    /// Uses the connection for one write transaction. When it returns, the registry at the path has it.
    package func writing<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try withStore { store in
            let result = try store.write { try body(store) }
            try store.checkPlace()
            return result
        }
    }
}
