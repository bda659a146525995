import BPSQLite

/// The SQLite that bpreg uses.
package struct SQLiteFacts: Sendable, Equatable {
    /// As in `3.40.1`.
    package let version: String
    /// Its compile options.
    package let options: [String]
    /// Faults of this version that can harm a registry.
    package let knownFaults: [String]

    /// The SQLite library that this process is linked with.
    package static var linked: SQLiteFacts {
        SQLiteFacts(
            version: SQLiteLibrary.version, options: SQLiteLibrary.options, knownFaults: SQLiteLibrary.knownFaults)
    }
}

/// The system's facts about a registry's file, without opening it.
package struct FileFacts: Sendable, Equatable {
    let facts: StorageFacts

    /// The facts about the file at `path`.
    package init(path: String) { facts = StorageFacts(path: path) }

    /// The file's size in bytes; nil if there is no file.
    package var bytes: Int? { facts.bytes }
    /// The size of its write-ahead log in bytes.
    package var logBytes: Int { facts.logBytes }
    /// Its permission bits.
    package var permissions: Int { facts.permissions }
    /// Whether this user owns it.
    package var isOwn: Bool { facts.isOwn }
    /// Whether this user may write the file and create files beside it.
    package var isWritable: Bool { facts.isWritable }
    /// The number of its names (hard links).
    package var names: Int { facts.names }
    /// The file system's name.
    package var fileSystem: String { facts.fileSystem }
    /// Whether the file system is reached over a network.
    package var isNetwork: Bool { facts.isNetwork }
    /// Whether the file system is in memory.
    package var isMemory: Bool { facts.isMemory }
    /// Free bytes for this user; nil if the system does not report them.
    package var freeBytes: Int? { facts.freeBytes }
}
