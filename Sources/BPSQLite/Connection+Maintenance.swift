import CSQLite

extension Connection {
    /// Kinds of checkpoint, which moves committed pages from the write-ahead log into the file.
    package enum Checkpoint: Sendable {
        /// Moves as much as possible without waiting for other connections.
        case passive
        /// Moves all of it and truncates the log to 0 bytes; waits for readers and writers.
        case truncate
    }

    /// Runs a checkpoint.
    /// - Returns: whether all of the log has been moved; false if other connections prevented it.
    @discardableResult
    package func checkpoint(_ kind: Checkpoint) throws(SQLiteError) -> Bool {
        try checkPlace()
        var frames: Int32 = 0
        var moved: Int32 = 0
        let mode = kind == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let result = sqlite3_wal_checkpoint_v2(handle.pointer, nil, mode, &frames, &moved)
        if result & 0xFF == SQLITE_BUSY { return false }
        try handle.check(result)
        handle.takeContent()
        return frames == moved
    }

    /// The bytes of the write-ahead log in use after the last commit of this connection.
    package var walBytes: Int { Int(handle.walFrames) * (options.pageSize + 24) }

    /// Makes SQLite report the length of the log after each commit. This replaces its automatic checkpoint, which would
    /// hide a failed sync.
    func watchLog() {
        sqlite3_wal_hook(
            handle.pointer,
            { context, _, _, frames in
                guard let context else { return SQLITE_OK }
                Unmanaged<DatabaseHandle>.fromOpaque(context).takeUnretainedValue().walFrames = frames
                return SQLITE_OK
            }, Unmanaged.passUnretained(handle).toOpaque())
    }

    func checkpointIfDue() throws(SQLiteError) {
        guard walBytes > options.checkpointThreshold else { return }
        try checkpoint(.passive)
    }

    func checkpointAtClose() throws(SQLiteError) {
        guard mode != .readOnly else { return }
        try checkPlace()
        // Other connections at work keep their log; this is no moment to wait for them.
        sqlite3_busy_timeout(handle.pointer, 0)
        try checkpoint(.truncate)
    }

    /// Removes the empty log that a reader created and SQLite leaves behind. SQLite removes it itself, under its locks,
    /// when the last connection that may write closes; this opens such a connection. If that fails, an empty log
    /// remains.
    func removeCompanions() {
        guard handle.lost == nil, FileStatus(path + "-wal")?.size == 0 else { return }
        guard let handle = try? DatabaseHandle(path, flags: SQLITE_OPEN_READWRITE) else { return }
        try? handle.run("SELECT 1 FROM sqlite_schema LIMIT 1")
    }

    /// SQLite's own check of the file's structure. It does not protect contents: use hashes for those.
    /// - Parameters:
    ///   - table: checks only this table and its indexes (`sqlite_schema`: that table and the list of free pages). Only
    ///     a check of the whole file detects pages that no table or two tables use.
    ///   - quick: omits the comparison of indexes with their tables.
    /// - Returns: a line per fault; empty if the structure is sound.
    package func integrityCheck(of table: String? = nil, quick: Bool = false) throws -> [String] {
        var lines: [String] = []
        do {
            try query("PRAGMA \(quick ? "quick_check" : "integrity_check")\(argument(table))") { row in
                let line: String = try row.get(0)
                if line != "ok" { lines.append(line) }
            }
            return lines
        } catch let error as SQLiteError where error.isDamage {
            return lines + [error.message]
        }
    }

    private func argument(_ table: String?) -> String {
        guard let table else { return "" }
        return "(\"" + table.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\")"
    }

    /// Rows, of `table` or of all tables, that violate a foreign key, one line each.
    package func foreignKeyCheck(of table: String? = nil) throws -> [String] {
        try all("PRAGMA foreign_key_check\(argument(table))") { row in
            let (table, rowID, parent) = (
                try row.get(0, as: String.self), try row.get(1, as: Int64?.self), try row.get(2, as: String.self)
            )
            return "\(table) row \(rowID.map { "\($0)" } ?? "?") has no parent in \(parent)"
        }
    }

    /// Returns up to `pages` free pages at the end of the file to the file system (all if nil).
    /// - Returns: the number of pages by which the file has become shorter.
    @discardableResult
    package func incrementalVacuum(pages: Int? = nil) throws -> Int {
        try transaction {
            let before: Int = try value("PRAGMA page_count")
            try handle.run("PRAGMA incremental_vacuum\(pages.map { "(\($0))" } ?? "")")
            return before - (try value("PRAGMA page_count"))
        }
    }

    /// The number of unused pages of the file.
    package var freePages: Int { get throws { try value("PRAGMA freelist_count") } }
}
