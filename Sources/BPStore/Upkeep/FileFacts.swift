import BPSQLite

/// The SQLite that bpreg uses.
public struct SQLiteFacts: Sendable, Equatable {
    /// As in `3.40.1`.
    public let version: String
    /// How it was compiled.
    public let options: [String]
    /// Faults of this version that can harm a registry.
    public let knownFaults: [String]

    /// Of the library that this process is linked with.
    public static var linked: SQLiteFacts {
        SQLiteFacts(
            version: SQLiteLibrary.version, options: SQLiteLibrary.options, knownFaults: SQLiteLibrary.knownFaults)
    }
}

/// The system's facts about a registry's file, without opening it.
public struct FileFacts: Sendable, Equatable {
    let facts: StorageFacts

    /// Of the file at `path`.
    public init(path: String) { facts = StorageFacts(path: path) }

    /// The file's bytes; nil if there is none.
    public var bytes: Int? { facts.bytes }
    /// Bytes of the log beside it.
    public var logBytes: Int { facts.logBytes }
    /// Its permission bits.
    public var permissions: Int { facts.permissions }
    /// Whether this user owns it.
    public var isOwn: Bool { facts.isOwn }
    /// Whether this user may write it, and make files beside it.
    public var isWritable: Bool { facts.isWritable }
    /// How many names it has.
    public var names: Int { facts.names }
    /// The file system's name.
    public var fileSystem: String { facts.fileSystem }
    /// Whether the file system is reached over a network.
    public var isNetwork: Bool { facts.isNetwork }
    /// Whether the file system is in memory.
    public var isMemory: Bool { facts.isMemory }
    /// Bytes free there; nil if the system does not report them.
    public var freeBytes: Int? { facts.freeBytes }
}
