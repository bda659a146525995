public import BPStore

/// A type that can read a registry: the registry itself, where each read sees its own state, or a snapshot, where all
/// reads see the same state.
public protocol SnapshotReading {
    /// The path of the registry.
    var path: String { get }

    /// Calls `body` with one state of the registry. An error of `body` that is not a `RegistryError` is reported as
    /// `internalFailure`; `read` passes it unchanged.
    func withSnapshot<Result>(_ body: (RegistrySnapshot) throws -> Result) throws(RegistryError) -> Result
}

extension SnapshotReading {
    /// Calls `body` with one state of the registry, so that several reads agree with each other:
    ///
    ///     let (run, epochs) = try registry.read { snapshot in
    ///         (try snapshot.run(7), try snapshot.epochs(ofRun: 7))
    ///     }
    ///
    /// It is one transaction. While it lasts, SQLite's log cannot be emptied, so do not compute in it. Other threads
    /// can read and write meanwhile.
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

    /// Calls `body` with the store, in a read transaction.
    package func reading<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try withSnapshot { snapshot in try body(snapshot.store) }
    }
}

/// One state of a registry, valid during a `read`.
public final class RegistrySnapshot: SnapshotReading {
    /// The path of the registry.
    public let path: String
    /// The registry.
    package let registry: Registry
    private var openStore: Store?

    init(_ store: Store, of registry: Registry) { (openStore, path, self.registry) = (store, store.path, registry) }

    /// The store, valid during the read.
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
