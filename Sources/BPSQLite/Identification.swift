import CSQLite

/// The facts in the header of a database that identify its application.
struct Header {
    let applicationID: Int32
    let version: Int
    let isSchemaEmpty: Bool

    /// Reads it in one read transaction.
    init(_ handle: DatabaseHandle) throws(SQLiteError) {
        try handle.run("BEGIN")
        defer { try? handle.run("ROLLBACK") }
        isSchemaEmpty = try handle.scalar("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)")
        applicationID = try handle.scalar("PRAGMA application_id")
        version = try handle.scalar("PRAGMA user_version")
    }

    /// - Throws: `OpenError.foreign` or `.newer`.
    func identify(_ path: String, _ options: Connection.Options) throws(OpenError) -> Connection.Identity {
        if applicationID == 0, isSchemaEmpty { return .new }
        guard applicationID == options.applicationID else { throw .foreign(path: path, applicationID: applicationID) }
        guard version <= options.newestVersion else {
            throw .newer(path: path, version: version, known: options.newestVersion)
        }
        return .existing(version: version)
    }
}

extension DatabaseHandle {
    /// Identifies the file under SQLite's locks, then lets `configure` change what must be changed in it.
    func identified(
        _ file: DatabaseFile, _ options: Connection.Options,
        configure: (DatabaseHandle, Connection.Identity) throws(SQLiteError) -> Void = { _, _ in }
    ) throws -> Opened {
        let header = try retryingBusy(for: options.busyTimeout) { () throws(SQLiteError) in try Header(self) }
        let identity = try header.identify(file.path, options)
        try retryingBusy(for: options.busyTimeout) { () throws(SQLiteError) in try configure(self, identity) }
        return Opened(handle: self, path: file.path, identity: identity, hadLog: file.hadLog)
    }
}

extension OpenError {
    /// Converts an error that SQLite reported while opening `path`.
    init(_ error: SQLiteError, path: String) {
        self =
            switch error.code {
            case _ where error.isMoved: .failed(path: path, error)
            case SQLITE_NOTADB: .notSQLite(path: path)
            case SQLITE_CORRUPT, SQLITE_MISMATCH: .damaged(path: path, error)
            case SQLITE_READONLY: .notWritable(path: path, error)
            default: .failed(path: path, error)
            }
    }
}
