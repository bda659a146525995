import CSQLite

/// One connection to a database file.
///
/// It is used by one thread at a time. It is not `Sendable`, so it cannot be shared by accident; pass it to another
/// thread as a `sending` parameter or inside a `Mutex`. Every write takes place inside `transaction`. A statement that
/// would change the file outside one is refused.
package final class Connection {
    let handle: DatabaseHandle
    private var cache: [String: Statement] = [:]
    /// The current state of the connection.
    var scope: Scope = .none

    /// The file, as an absolute path.
    package let path: String
    /// The access with which it was opened.
    package let mode: Mode
    /// The settings with which it was opened.
    package let options: Options
    /// The identity of the file when it was opened.
    package let identity: Identity
    /// Whether there was a log beside the file before it was opened: it was in use, or its last process was killed.
    package let hadLog: Bool
    /// Set if the file is read without locks; nil if SQLite coordinates with writers.
    let snapshot: FrozenFile?
    /// Whether reading created an empty log beside a file that had none.
    let madeCompanions: Bool

    /// The permitted use of the file.
    package enum Mode: Sendable {
        /// Never creates and never changes the file.
        case readOnly
        /// Reads and writes an existing file.
        case readWrite
        /// As `readWrite`, and creates the file if there is none.
        case create
    }

    /// The identity of a file, determined before anything in it is changed.
    package enum Identity: Sendable, Equatable {
        /// Of 0 bytes, or a database with neither application id nor schema.
        case new
        /// The application's own database, with this version of the schema (`user_version`).
        case existing(version: Int)
    }

    enum Scope { case none, reading, writing }

    init(opened: Opened, mode: Mode, options: Options) {
        handle = opened.handle
        path = opened.path
        identity = opened.identity
        snapshot = opened.snapshot
        madeCompanions = opened.madeCompanions
        hadLog = opened.hadLog
        self.mode = mode
        self.options = options
    }

    /// Calls `body` with a statement for `sql` and its bindings.
    func withStatement<Result>(
        _ sql: String, _ bindings: [any SQLiteBindable], _ body: (Statement) throws -> Result
    ) throws -> Result {
        try withStatement(sql) { statement in
            try statement.bind(bindings)
            return try body(statement)
        }
    }

    /// Calls `body` with a statement for `sql`: the one in the cache, or a new one if that is in use.
    func withStatement<Result>(_ sql: String, _ body: (Statement) throws -> Result) throws -> Result {
        let statement = try cache.removeValue(forKey: sql) ?? Statement(handle, sql)
        defer {
            statement.reset()
            if cache.count >= options.statementCacheSize { cache.removeAll(keepingCapacity: true) }
            cache[sql] = statement
        }
        try admit(statement)
        let result = try body(statement)
        try snapshot?.checkUnchanged()
        return result
    }

    /// Refuses a statement that would run outside the transaction to which it belongs.
    private func admit(_ statement: Statement) throws(SQLiteError) {
        guard handle.isAutocommit else { return }
        try handle.checkIndex()
        guard scope == .none else {
            throw SQLiteError(misuse: "the transaction has already been rolled back", sql: statement.sql)
        }
        guard statement.isReadOnly else {
            throw SQLiteError(misuse: "a write outside a transaction", sql: statement.sql)
        }
    }

    /// Prepares a statement for a loop that keeps it; release it before `close()`.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement { try Statement(handle, sql) }

    /// Whether the file has 0 bytes.
    package var isEmpty: Bool { FileStatus(path)?.size == 0 }

    /// The number of rows that the last changing statement changed, inserted or deleted.
    package var changes: Int { Int(sqlite3_changes64(handle.pointer)) }

    /// Checkpoints and truncates the write-ahead log if no other connection is at work, then closes.
    ///
    /// Dropping the last reference closes too, but does not report errors of the checkpoint.
    /// - Throws: `SQLiteError`: misuse if a transaction or a prepared statement is still open (the connection then
    ///   stays open), or an error of the last checkpoint.
    package func close() throws(SQLiteError) {
        guard let pointer = handle.pointer else { return }
        guard scope == .none, handle.isAutocommit else {
            throw SQLiteError(misuse: "the connection was closed within a transaction")
        }
        cache.removeAll()
        if let left = sqlite3_next_stmt(pointer, nil) {
            throw SQLiteError(
                misuse: "the connection was closed before a statement",
                sql: sqlite3_sql(left).map { String(cString: $0) })
        }
        defer {
            handle.close()
            if madeCompanions { removeCompanions() }
        }
        try checkpointAtClose()
    }
}
