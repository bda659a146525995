@_exported public import BPStore
@_exported public import BPStore

/// The persistent store: one SQLite file that holds models, versions, runs, every iteration's loss, every epoch,
/// keyframes and datasets.
///
/// A registry may be used from several threads, one call at a time; each call is a transaction of its own, and
/// reading holds none for longer than a page of rows takes. Every row that is read must fit its seal.
public final class Registry: Sendable {
    /// What a registry is opened for.
    public typealias Purpose = BPStore.Purpose
    /// How hard a commit is.
    public typealias Durability = BPStore.Durability
    /// Something that opening a registry did and that a person should know.
    public typealias Notice = OpeningNotice

    /// Where it lies.
    public let path: String
    /// What happened at opening.
    public let notices: [Notice]
    package let environment: RegistryEnvironment
    private let store: Guarded<Store?>

    private init(_ store: Store, notices: [Notice], environment: RegistryEnvironment) {
        path = store.path
        self.notices = notices
        self.environment = environment
        self.store = Guarded(store)
    }

    /// Opens the registry at `path`.
    /// - Throws: `none` where there is none (and `purpose` is not `.creating`), `unusable`, `readOnly`, `foreign`,
    ///   `schemaNewer`, `schemaOlder` (reading), `schemaEdited`, `alive` (a migration is due while a run is alive),
    ///   `damaged`, `diskFull`, `inputOutput`, `busy`.
    public static func open(
        at path: String, for purpose: Purpose, durability: Durability = .full,
        environment: RegistryEnvironment = .system
    ) throws(RegistryError) -> Registry {
        let opening = Opening(path: path, purpose: purpose, durability: durability, environment: environment)
        let store = try opening.store()
        let notices = try opening.migrate(store)
        if purpose != .reading { try store.fillMetrics() }
        return Registry(store, notices: notices, environment: environment)
    }

    deinit { try? close() }

    /// Checkpoints and closes; whatever is called afterwards throws.
    public func close() throws(RegistryError) {
        try store.withLock { store throws(RegistryError) in
            guard let open = store else { return }
            store = nil
            try open.close()
        }
    }

    /// Uses the connection.
    package func withStore<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try store.withLock { store throws(RegistryError) in
            guard let store else { throw .internalFailure(path: path, message: "the registry is closed") }
            return try store.translated { try body(store) }
        }
    }

    /// Uses the connection for reading one state of the registry.
    package func reading<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try withStore { store in try store.read { try body(store) } }
    }

    /// Uses the connection for one write transaction.
    package func writing<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try withStore { store in try store.write { try body(store) } }
    }
}
