import CSQLite

extension Connection {
    /// Runs `body` in one write transaction (BEGIN IMMEDIATE): all of it is committed, or, when `body` throws, none.
    ///
    /// The write lock is taken at the start, so that nothing read in `body` can change before it is written; waiting
    /// for it takes up to the busy timeout. When this returns, the commit is as durable as the options say.
    /// - Throws: what `body` throws, or `SQLiteError`; misuse within another `transaction` or `read`.
    @discardableResult
    package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        guard mode != .readOnly else { throw SQLiteError(misuse: "a write transaction on a read-only connection") }
        let result = try run("BEGIN IMMEDIATE", as: .writing, body)
        try checkpointIfDue()
        return result
    }

    /// Runs `body` on one unchanging state of the database. Keep it short: while it runs, the write-ahead log cannot
    /// be reused. Within a `transaction` or another `read`, `body` sees what that one sees.
    /// - Throws: what `body` throws, or `SQLiteError`.
    @discardableResult
    package func read<Result>(_ body: () throws -> Result) throws -> Result {
        if scope != .none { return try body() }
        return try run("BEGIN", as: .reading, body)
    }

    private func run<Result>(_ begin: String, as scope: Scope, _ body: () throws -> Result) throws -> Result {
        guard self.scope == .none, handle.isAutocommit else {
            throw SQLiteError(misuse: "a transaction within a transaction", sql: begin)
        }
        try self.begin(begin, as: scope)
        self.scope = scope
        defer { self.scope = .none }
        do {
            let result = try body()
            // Some errors (disk full, I/O) roll back by themselves; a body that swallowed one must not seem to commit.
            guard !handle.isAutocommit else {
                throw SQLiteError(misuse: "the transaction has already been rolled back")
            }
            try handle.run("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Begins, waiting beyond SQLite's busy handler, which is not called for every kind of BUSY.
    private func begin(_ sql: String, as scope: Scope) throws(SQLiteError) {
        try retryingBusy(for: options.busyTimeout) { () throws(SQLiteError) in
            try handle.run(sql)
            guard scope == .reading else { return }
            do throws(SQLiteError) {
                // A deferred BEGIN takes no snapshot yet. Taken here, a busy recovery is met and retried here too.
                try handle.run("SELECT 1 FROM sqlite_schema LIMIT 1")
            } catch {
                rollBack()
                throw error
            }
        }
    }

    private func rollBack() {
        // Whatever ended the transaction is the error to show. A rollback writes nothing in WAL mode; should it fail,
        // the connection still holds its locks, and the next BEGIN says so.
        if !handle.isAutocommit { try? handle.run("ROLLBACK") }
    }
}
