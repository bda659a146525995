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

/// The system's facts about a registry's file, without opening it.
package struct FileFacts: Sendable, Equatable {
    let facts: StorageFacts

    /// Of the file at `path`.
    package init(path: String) { facts = StorageFacts(path: path) }

    /// The file's bytes; nil if there is none.
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
    /// Bytes free there; nil if the system does not report them.
    package var freeBytes: Int? { facts.freeBytes }
}
