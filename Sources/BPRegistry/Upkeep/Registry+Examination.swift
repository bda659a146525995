public import BPStore
import BPSQLite

/// The SQLite that bpreg uses.
package struct SQLiteFacts: Sendable, Equatable {
    /// As in `3.40.1`.
    package let version: String
    /// How it was compiled.
    package let options: [String]
    /// Faults of this version that can harm a registry.
    package let knownFaults: [String]

    /// Of the library that this process is linked with.
    package static var linked: SQLiteFacts {
        SQLiteFacts(
            version: SQLiteLibrary.version, options: SQLiteLibrary.options, knownFaults: SQLiteLibrary.knownFaults)
    }
}

/// What the system tells of a registry's file, without opening it.
package struct FileFacts: Sendable, Equatable {
    let facts: StorageFacts

    /// Of the file at `path`.
    package init(path: String) { facts = StorageFacts(path: path) }

    /// The file's bytes; nil where there is none.
    package var bytes: Int? { facts.bytes }
    /// Bytes of the log beside it.
    package var logBytes: Int { facts.logBytes }
    /// Its permission bits.
    package var permissions: Int { facts.permissions }
    /// Whether this user owns it.
    package var isOwn: Bool { facts.isOwn }
    /// Whether this user may write it, and make files beside it.
    package var isWritable: Bool { facts.isWritable }
    /// How many names it has.
    package var names: Int { facts.names }
    /// The file system's name.
    package var fileSystem: String { facts.fileSystem }
    /// Whether the file system is reached over a network.
    package var isNetwork: Bool { facts.isNetwork }
    /// Whether the file system is in memory.
    package var isMemory: Bool { facts.isMemory }
    /// Bytes free there; nil where the system does not tell.
    package var freeBytes: Int? { facts.freeBytes }
}

extension Registry {
    /// The schema of the file, which is the one that this bpreg knows.
    public static var schemaVersion: Int { Opening.newestVersion }

    /// SQLite's quick check of the file's structure, one line for each fault. It reads the whole file, table by table
    /// where that is large and runs are training.
    public func quickCheck() throws(RegistryError) -> [String] {
        try withStore { store in
            guard Verifier(store).isLargeAndAtWork else { return try store.connection.integrityCheck(quick: true) }
            let tables = try store.connection.all(
                "SELECT name FROM sqlite_schema WHERE type = 'table'", as: String.self)
            return try (["sqlite_schema"] + tables).flatMap {
                try store.connection.integrityCheck(of: $0, quick: true)
            }
        }
    }

    /// A part of `verify`: the rows of some runs, keyframes, versions and events, and some content, drawn by `seed`.
    /// - Parameters:
    ///   - count: how many of each.
    ///   - bytes: content is read until there are more than so many.
    public func verifySample(
        count: Int = 16, bytes: Int = 64 << 20, seed: UInt64
    ) throws(RegistryError) -> VerifyReport {
        try withStore { store in
            let verifier = Verifier(store)
            verifier.checkSample(count: count, bytes: bytes, seed: seed)
            return verifier.report
        }
    }
}
