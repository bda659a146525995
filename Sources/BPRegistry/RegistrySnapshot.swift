public import BPStore

/// A type whose reads see a registry: the registry itself, each read one state of its own, or a snapshot of it, all reads
/// the same state.
public protocol SnapshotReading {
    /// The path of the registry.
    var path: String { get }

    /// Calls `body` with one state of the registry. An error of `body` that is no `RegistryError` is reported as
    /// `internalFailure`; `read` lets it pass.
    func withSnapshot<Result>(_ body: (RegistrySnapshot) throws -> Result) throws(RegistryError) -> Result
}

extension SnapshotReading {
    /// Calls `body` with one state of the registry, so that several reads agree with each other:
    ///
    ///     let (run, epochs) = try registry.read { snapshot in
    ///         (try snapshot.run(7), try snapshot.epochs(ofRun: 7))
    ///     }
    ///
    /// It is one transaction, which keeps SQLite's log from being emptied, so do not compute in it. Other threads read and
    /// write meanwhile.
    /// - Throws: the errors of `body`; `RegistryError` if the registry cannot be read.
    public func read<Result>(_ body: (RegistrySnapshot) throws -> Result) throws -> Result {
        var thrown: (any Error)?
        let result: Result? = try withSnapshot { snapshot in
            do {
                return try body(snapshot)
            } catch {
                thrown = error
                return nil
            }
        }
        if let thrown { throw thrown }
        guard let result else { preconditionFailure("no result without an error") }
        return result
    }

    /// Calls `body` with the store, in a transaction that reads.
    package func reading<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try withSnapshot { snapshot in try body(snapshot.store) }
    }
}

/// One state of a registry, for the time of a `read`.
public final class RegistrySnapshot: SnapshotReading {
    /// The path of the registry.
    public let path: String
    /// The registry.
    package let registry: Registry
    private var openStore: Store?

    init(_ store: Store, of registry: Registry) { (openStore, path, self.registry) = (store, store.path, registry) }

    /// The store, as long as the read lasts.
    var store: Store {
        get throws(RegistryError) {
            guard let openStore else { throw .internalFailure(path: path, message: "the snapshot has ended") }
            return openStore
        }
    }

    /// Ends the snapshot: later reads throw.
    func end() { openStore = nil }

    /// Calls `body` with this state.
    public func withSnapshot<Result>(
        _ body: (RegistrySnapshot) throws -> Result
    ) throws(RegistryError) -> Result {
        try store.translated { try body(self) }
    }
}
