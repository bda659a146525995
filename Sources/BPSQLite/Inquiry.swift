import CSQLite

/// Limits for SQL from outside.
package struct InquiryLimits: Sendable {
    /// The time limit for SQLite's work; the time for processing the rows does not count.
    package var timeout: Duration
    /// The maximum length of a text or blob that it may create, in bytes.
    package var longestValue: Int

    /// Limits; by default values of at most 64 MiB.
    package init(timeout: Duration, longestValue: Int = 64 << 20) {
        (self.timeout, self.longestValue) = (timeout, longestValue)
    }
}

extension Connection {
    /// Answers one statement from any source, if it only reads. SQLite refuses to prepare a statement that would write,
    /// attach a file, load code or change a setting, and interrupts it when its time is over.
    ///
    /// - Parameters:
    ///   - views: SQL that creates temporary views for the statement; they are deleted afterwards.
    ///   - columns: called with the names of the columns, once.
    ///   - row: called with each row; returns whether to continue.
    /// - Throws: errors of the bodies, or `SQLiteError`: `isRefused` for a statement that is not allowed,
    ///   `isInterrupted` when the time is over, each with the byte of the SQL if it is known.
    package func inquire(
        _ sql: String, within limits: InquiryLimits, views: String = "", columns: ([String]) throws -> Void,
        row: (Row) throws -> Bool
    ) throws {
        // Sorting uses a file here, because a careless query could fill the memory. Changing this setting also drops
        // temporary tables and views.
        try handle.run("PRAGMA temp_store = FILE")
        defer { try? handle.run("PRAGMA temp_store = MEMORY") }
        try handle.run(views)
        try read {
            let guardian = InquiryGuard(timeout: limits.timeout)
            let length = sqlite3_limit(handle.pointer, SQLITE_LIMIT_LENGTH, Int32(clamping: limits.longestValue))
            // A single LIKE cannot be interrupted; a short pattern keeps it short.
            let pattern = sqlite3_limit(handle.pointer, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000)
            guardian.install(on: handle)
            defer {
                guardian.remove(from: handle)
                sqlite3_limit(handle.pointer, SQLITE_LIMIT_LENGTH, length)
                sqlite3_limit(handle.pointer, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, pattern)
            }
            do {
                let statement = try Statement(handle, sql)
                guard statement.isReadOnly else { throw SQLiteError(refusal: "only reading is allowed", sql: sql) }
                try columns(statement.columnNames)
                while try guardian.timed({ () throws(SQLiteError) in try statement.step() }) {
                    guard try row(statement.row) else { break }
                }
            } catch let error as SQLiteError where error.isRefused {
                throw guardian.refusal.map { SQLiteError(refusal: $0, sql: sql) } ?? error
            }
        }
    }
}

extension Statement {
    /// The names of the columns of its rows.
    package var columnNames: [String] {
        (0..<sqlite3_column_count(pointer)).map { column in
            sqlite3_column_name(pointer, column).map { String(cString: $0) } ?? ""
        }
    }
}

extension SQLiteError {
    /// The statement is not allowed.
    package var isRefused: Bool { code == SQLITE_AUTH }
    /// The statement was interrupted because its time was over.
    package var isInterrupted: Bool { code == SQLITE_INTERRUPT }

    init(refusal message: String, sql: String) {
        self.init(extendedCode: SQLITE_AUTH, message: message, sql: sql)
    }
}

/// Decides which operations a statement from outside may use, and for how long.
private final class InquiryGuard {
    /// The reason for a refusal.
    private(set) var refusal: String?
    private let timeout: Duration
    private var spent = Duration.zero
    private var begun = ContinuousClock.now

    init(timeout: Duration) { self.timeout = timeout }

    func install(on handle: DatabaseHandle) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_set_authorizer(
            handle.pointer,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                let guardian = Unmanaged<InquiryGuard>.fromOpaque(context).takeUnretainedValue()
                return guardian.decide(action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
            }, context)
        sqlite3_progress_handler(
            handle.pointer, 2_000,
            { context in
                guard let context else { return 1 }
                return Unmanaged<InquiryGuard>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
            }, context)
    }

    func remove(from handle: DatabaseHandle) {
        sqlite3_set_authorizer(handle.pointer, nil, nil)
        sqlite3_progress_handler(handle.pointer, 0, nil, nil)
    }

    /// Runs a step on the clock.
    func timed<Result>(_ step: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        begun = .now
        defer { spent += .now - begun }
        return try step()
    }

    private var isOver: Bool { spent + (.now - begun) > timeout }

    private func decide(_ action: Int32, _ first: String?, _ second: String?) -> Int32 {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_FUNCTION where !InquiryGuard.forbiddenFunctions.contains(second ?? ""): return SQLITE_OK
        case SQLITE_PRAGMA where InquiryGuard.readingPragmas.contains(first ?? ""): return SQLITE_OK
        case SQLITE_PRAGMA where second == nil && InquiryGuard.toldPragmas.contains(first ?? ""): return SQLITE_OK
        // Called when a table-valued function is created. A statement that would do so does not only read.
        case SQLITE_UPDATE where first == "sqlite_master" || first == "sqlite_schema": return SQLITE_OK
        case SQLITE_FUNCTION: refusal = "the function \(second ?? "") is not allowed"
        case SQLITE_PRAGMA: refusal = "PRAGMA \(first ?? "") is not allowed: only reading is"
        default: refusal = "\(InquiryGuard.words(action)) is not allowed: only reading is"
        }
        return SQLITE_DENY
    }

    /// Functions that load code, or that access files if a shell has added them.
    private static let forbiddenFunctions: Set = [
        "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "lsdir", "fsdir", "zipfile",
        "sqlar_compress",
    ]

    /// Pragmas that report on the object that their argument names.
    private static let readingPragmas: Set = [
        "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
        "collation_list", "function_list", "compile_options", "database_list",
    ]

    /// Pragmas that report something without an argument, and would change it with one.
    private static let toldPragmas: Set = [
        "user_version", "application_id", "page_size", "page_count", "freelist_count", "encoding", "schema_version",
        "journal_mode", "auto_vacuum",
    ]

    private static func words(_ action: Int32) -> String {
        switch action {
        case SQLITE_INSERT: "INSERT"
        case SQLITE_UPDATE: "UPDATE"
        case SQLITE_DELETE: "DELETE"
        case SQLITE_ATTACH: "ATTACH"
        case SQLITE_DETACH: "DETACH"
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: "a transaction"
        case SQLITE_ANALYZE: "ANALYZE"
        case SQLITE_REINDEX: "REINDEX"
        case SQLITE_ALTER_TABLE: "ALTER TABLE"
        case SQLITE_DROP_INDEX, SQLITE_DROP_TABLE, SQLITE_DROP_TRIGGER, SQLITE_DROP_VIEW, SQLITE_DROP_TEMP_INDEX,
            SQLITE_DROP_TEMP_TABLE, SQLITE_DROP_TEMP_TRIGGER, SQLITE_DROP_TEMP_VIEW, SQLITE_DROP_VTABLE:
            "DROP"
        default: "CREATE"
        }
    }
}
