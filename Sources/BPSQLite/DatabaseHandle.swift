import BPSystem
import CSQLite

/// Owns one `sqlite3 *`. Connection and statements share it, so that a statement can never outlive its database.
final class DatabaseHandle {
    private(set) var pointer: OpaquePointer?
    /// Frames in the write-ahead log after the last commit of this connection.
    var walFrames: Int32 = 0
    /// The files that are open; nil until they are known, and for a file that is read as it lies.
    var place: FilePlace?
    /// When they were last looked at.
    var placeChecked: ContinuousClock.Instant?
    /// The file's content when it was last looked at; nil until then.
    var content: FileContent?
    /// The state of the log when it was last looked at.
    var logState: LogState?
    /// The change of their places or their content, once there was one.
    var lost: String?
    /// Whether file or log were overwritten in place, so that they do not belong together any more.
    var isOverwritten = false
    /// Whether it was the log, so that pages that were committed last are in the cache of this connection alone.
    var isLogOverwritten = false

    /// Opens `name`, which is an absolute path, or a URI if `flags` has SQLITE_OPEN_URI.
    init(_ name: String, flags: Int32) throws(SQLiteError) {
        let result = sqlite3_open_v2(
            name, &pointer, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, nil)
        guard result == SQLITE_OK else {
            let error = error(result, nil)
            close()
            throw error
        }
    }

    deinit { close() }

    /// Closes without checking for open statements; `Connection.close()` checks.
    func close() {
        // The last connection moves the log into the file and removes it, by its name, which may be another's by now.
        if pointer != nil, placeChange(isDue: true) != nil {
            _ = bp_sqlite3_db_config_int(pointer, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nil)
        }
        sqlite3_close_v2(pointer)
        pointer = nil
    }

    /// Whether no transaction is open.
    var isAutocommit: Bool { pointer == nil || sqlite3_get_autocommit(pointer) != 0 }

    /// The error for a result code of the last call; after a failed sync the process ends here.
    func error(_ result: Int32, _ sql: String?) -> SQLiteError {
        var message = String(cString: sqlite3_errmsg(pointer) ?? sqlite3_errstr(result))
        if pointer == nil || sqlite3_extended_errcode(pointer) != result {
            message = String(cString: sqlite3_errstr(result))
        }
        let systemError = pointer == nil ? 0 : sqlite3_system_errno(pointer)
        if systemError != 0, [SQLITE_CANTOPEN, SQLITE_IOERR].contains(result & 0xFF) {
            message += " (\(SystemError(systemError)))"
        }
        let offset = pointer == nil ? -1 : Int(sqlite3_error_offset(pointer))
        let error = SQLiteError(extendedCode: result, message: message, sql: sql, offset: offset < 0 ? nil : offset)
        if error.isFailedSync { FailedSync.happened(error) }
        return error
    }

    func check(_ result: Int32, _ sql: String? = nil) throws(SQLiteError) {
        guard result == SQLITE_OK else { throw error(result, sql) }
    }

    /// Runs SQL text of any number of statements and discards the results.
    func run(_ sql: String) throws(SQLiteError) {
        guard pointer != nil else { throw SQLiteError(misuse: "the connection is closed", sql: sql) }
        guard !sql.utf8.contains(0) else { throw SQLiteError(misuse: "SQL text with a NUL in it") }
        try check(sqlite3_exec(pointer, sql, nil, nil, nil), sql)
    }

    /// The first column of the first row of `sql`.
    func scalar<Value: SQLiteColumn>(_ sql: String, as type: Value.Type = Value.self) throws(SQLiteError) -> Value {
        let statement = try Statement(self, sql)
        guard try statement.step() else { throw SQLiteError(misuse: "no row came back", sql: sql) }
        let value = try Value.read(statement.row, 0)
        // Run it to its end, because only then are a pragma's changes committed and its errors reported.
        while try statement.step() {}
        return value
    }
}
