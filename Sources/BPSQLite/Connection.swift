import CSQLite

/// One connection to a database file.
///
/// It is used by one thread at a time. Being no `Sendable`, it cannot be shared by accident; hand it to another
/// thread as a `sending` parameter or inside a `Mutex`. Every write happens inside `transaction`; a statement that
/// would change the file outside one is refused.
package final class Connection {
    let handle: DatabaseHandle
    private var cache: [String: Statement] = [:]
    /// What the connection is in the middle of.
    var scope: Scope = .none

    /// The file, as an absolute path.
    package let path: String
    /// How it was opened.
    package let mode: Mode
    /// The settings it was opened with.
    package let options: Options
    /// What the file was when it was opened.
    package let identity: Identity
    /// Set where the file is read as it lies, without locks; nil where SQLite coordinates with writers.
    let snapshot: FrozenFile?
    /// Whether reading made an empty log beside a file that had none.
    let madeCompanions: Bool

    /// What may be done with the file.
    package enum Mode: Sendable {
        /// Never creates, never changes the file.
        case readOnly
        /// Reads and writes a file that is there.
        case readWrite
        /// As `readWrite`, and makes the file if there is none.
        case create
    }

    /// What a file is, judged before anything is changed in it.
    package enum Identity: Sendable, Equatable {
        /// Of 0 bytes, or a database with neither application id nor schema.
        case new
        /// The application's own, at this version of the schema (`user_version`).
        case existing(version: Int)
    }

    enum Scope { case none, reading, writing }

    init(opened: Opened, mode: Mode, options: Options) {
        handle = opened.handle
        path = opened.path
        identity = opened.identity
        snapshot = opened.snapshot
        madeCompanions = opened.madeCompanions
        self.mode = mode
        self.options = options
    }

    /// Calls `body` with a statement for `sql`: from the cache, or, when that one is at work, a fresh one.
    func withStatement<Result>(
        _ sql: String, _ bindings: [any SQLiteBindable], _ body: (Statement) throws -> Result
    ) throws -> Result {
        let statement = try cache.removeValue(forKey: sql) ?? Statement(handle, sql)
        defer {
            statement.reset()
            if cache.count >= options.statementCacheSize { cache.removeAll(keepingCapacity: true) }
            cache[sql] = statement
        }
        try admit(statement)
        try statement.bind(bindings)
        let result = try body(statement)
        try snapshot?.checkUnchanged()
        return result
    }

    /// Refuses a statement that would run outside the transaction it belongs in.
    private func admit(_ statement: Statement) throws(SQLiteError) {
        guard handle.isAutocommit else { return }
        guard scope == .none else {
            throw SQLiteError(misuse: "the transaction has already been rolled back", sql: statement.sql)
        }
        guard statement.isReadOnly else {
            throw SQLiteError(misuse: "a write outside a transaction", sql: statement.sql)
        }
    }

    /// Prepares a statement for a loop that keeps it; release it before `close()`.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement { try Statement(handle, sql) }

    /// Rows changed, inserted or deleted by the last statement that did so.
    package var changes: Int { Int(sqlite3_changes64(handle.pointer)) }

    /// Checkpoints and truncates the write-ahead log if nobody else is at work, then closes.
    ///
    /// Dropping the last reference closes too, but without the checkpoint's errors.
    /// - Throws: `SQLiteError`: misuse when a transaction or a prepared statement is still open (the connection then
    ///   stays open), or what the last checkpoint met.
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
