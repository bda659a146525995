import CSQLite

extension Connection {
    /// Runs `body` in one write transaction (BEGIN IMMEDIATE). It is committed as a whole, or not at all if `body`
    /// throws.
    ///
    /// The write lock is taken at the start, so that nothing that `body` reads can change before it writes. This waits
    /// for the lock up to the busy timeout. When this returns, the commit has the durability of the options.
    /// - Throws: errors of `body`, or `SQLiteError`; misuse within another `transaction` or `read`; an error with
    ///   `isMoved` if the file was deleted, moved, replaced or overwritten, and then nothing is written over.
    @discardableResult
    package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        guard mode != .readOnly else { throw SQLiteError(misuse: "a write transaction on a read-only connection") }
        let result = try run("BEGIN IMMEDIATE", as: .writing, body)
        handle.noteLog()
        try checkpointIfDue()
        return result
    }

    /// Runs `body` on one unchanging state of the database. Keep it short, because the write-ahead log cannot be reused
    /// while it runs. Within a `transaction` or another `read`, `body` sees the same state as its surroundings.
    /// - Throws: errors of `body`, or `SQLiteError`.
    @discardableResult
    package func read<Result>(_ body: () throws -> Result) throws -> Result {
        if scope != .none { return try body() }
        return try run("BEGIN", as: .reading, body)
    }

    private func run<Result>(_ begin: String, as scope: Scope, _ body: () throws -> Result) throws -> Result {
        guard self.scope == .none, handle.isAutocommit else {
            throw SQLiteError(misuse: "a transaction within a transaction", sql: begin)
        }
        do { try self.begin(begin, as: scope) } catch { throw handle.explained(error) }
        self.scope = scope
        defer { self.scope = .none }
        do {
            // While nothing is changed yet: then the cache still has the pages that were committed, and they can be saved.
            if scope == .writing { try checkPlace(isDue: false) }
            let result = try body()
            // Some errors (disk full, I/O) roll back by themselves; a body that ignored one must not appear to commit.
            guard !handle.isAutocommit else {
                throw SQLiteError(misuse: "the transaction has already been rolled back")
            }
            if scope == .writing, let change = handle.placeChange(isDue: false) {
                // A rollback would drop the changed pages from the cache, and the log does not have them any more. The
                // commit keeps them there, to be saved. It writes to a log that is of no use any more.
                if handle.isLogOverwritten { try? handle.run("COMMIT") }
                throw SQLiteError(moved: change)
            }
            try handle.run("COMMIT")
            return result
        } catch {
            let error = handle.explained(error)
            rollBack()
            throw error
        }
    }

    /// Begins a transaction. SQLite's busy handler is not called for every kind of BUSY, so this also waits itself.
    private func begin(_ sql: String, as scope: Scope) throws(SQLiteError) {
        try handle.checkIndex()
        try retryingBusy(for: options.busyTimeout) { () throws(SQLiteError) in
            try handle.run(sql)
            guard scope == .reading else { return }
            do throws(SQLiteError) {
                // A deferred BEGIN takes no snapshot yet. Taking it here means that a busy recovery occurs and is
                // retried here too.
                try handle.run("SELECT 1 FROM sqlite_schema LIMIT 1")
            } catch {
                rollBack()
                throw error
            }
        }
    }

    private func rollBack() {
        // The error that ended the transaction is the one to report. A rollback writes nothing in WAL mode. If it
        // fails, the connection still holds its locks, and the next BEGIN reports that.
        if !handle.isAutocommit { try? handle.run("ROLLBACK") }
    }
}
