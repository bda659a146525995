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
    package let environment: RegistryEnvironment
    private let connections: Connections

    private init(_ store: Store, _ opening: Opening, notices: [Notice]) {
        (path, durability) = (store.path, opening.durability)
        self.notices = notices
        environment = opening.environment
        connections = Connections(store, opening)
    }

    /// Opens the registry at `path`. With `purpose` `.creating`, creates it if there is none.
    /// - Parameters:
    ///   - path: the file.
    ///   - purpose: an older registry is migrated for `.creating` and `.writing`; `.reading` writes nothing.
    ///   - durability: the durability of its commits; by default they survive a power cut.
    /// - Throws: `none` if there is none (and `purpose` is not `.creating`), `unusable`, `readOnly`, `foreign`,
    ///   `schemaNewer`, `schemaOlder` (reading), `schemaEdited`, `alive` (a migration is due while a run is alive),
    ///   `damaged`, `diskFull`, `inputOutput`, `busy`.
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

    /// Uses the connection that writes.
    package func withStore<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try connections.withMain(body)
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

    /// Uses the connection for one write transaction.
    package func writing<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try withStore { store in try store.write { try body(store) } }
    }
}
