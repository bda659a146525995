/// Brings a database to the newest version of its schema, one numbered step at a time, forward only.
///
/// Each step is a transaction of its own with the change, its row in table `migration`, and `user_version`; the first
/// also sets the application id. So a file is always at some version, even after a kill, and the next process
/// continues. If several processes migrate at once, each skips the steps that another has done.
///
/// A step may create a table again to which others refer. Foreign keys are therefore off while it runs, and all of them
/// are checked before it is committed. SQLite documents this procedure for such changes.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    private let applicationID: Int32

    /// The steps, numbered 1, 2, 3 … in order.
    package init(_ migrations: [Migration], applicationID: Int32) {
        precondition(
            migrations.enumerated().allSatisfy { $1.version == $0 + 1 }, "migrations are numbered 1, 2, 3 … in order")
        self.migrations = migrations
        self.applicationID = applicationID
    }

    /// The version after the last step.
    package var newestVersion: Int { migrations.count }

    /// Compares the steps that the file records with the steps here.
    /// - Returns: the remaining steps.
    /// - Throws: `MigrationError` if a step was edited, is missing or is unknown here.
    package func pending(in connection: Connection) throws(MigrationError) -> ArraySlice<Migration> {
        try reading { try connection.read { try missing(in: connection) } }
    }

    /// Applies the remaining steps.
    /// - Parameters:
    ///   - backup: the path for a copy of a file that has had steps before; nil makes no copy.
    ///   - refusal: returns a reason why the steps must wait, or nil. It is called within the transaction of each step
    ///     on a file that has had steps before.
    ///   - announce: called with each notice.
    /// - Throws: `MigrationError`.
    package func migrate(
        _ connection: Connection, backup: ((_ version: Int) -> String)?,
        refusal: (Connection) throws -> String? = { _ in nil }, announce: (MigrationEvent) -> Void = { _ in }
    ) throws(MigrationError) {
        guard let first = try pending(in: connection).first else { return }
        if first.version > 1 {
            try reading { try connection.transaction { try refuse(refusal(connection)) } }
            if let path = backup?(first.version - 1) {
                try backUp(connection, to: path)
                announce(.backedUp(path: path))
            }
        }
        try withoutForeignKeys(connection) { () throws(MigrationError) in
            while try step(connection, refusal, announce) {}
        }
    }

    private func backUp(_ connection: Connection, to path: String) throws(MigrationError) {
        do {
            try connection.backup(to: path)
        } catch {
            let cause = error as? SQLiteError ?? SQLiteError(misuse: "\(error)")
            throw .backupFailed(path: path, cause)
        }
    }

    /// Runs `body` while foreign keys are not enforced. They can be turned off only outside of a transaction.
    private func withoutForeignKeys(
        _ connection: Connection, _ body: () throws(MigrationError) -> Void
    ) throws(MigrationError) {
        let enforced: Bool = try reading { try connection.value("PRAGMA foreign_keys") }
        try reading { try connection.execute(script: "PRAGMA foreign_keys = OFF") }
        let outcome = Result(catching: body)
        if enforced { try reading { try connection.execute(script: "PRAGMA foreign_keys = ON") } }
        try outcome.get()
    }

    /// Applies the next step, if there is one. The remaining steps are read again under the write lock, because another
    /// process may be doing the same work.
    private func step(
        _ connection: Connection, _ refusal: (Connection) throws -> String?, _ announce: (MigrationEvent) -> Void
    ) throws(MigrationError) -> Bool {
        let applied: Migration? = try reading {
            try connection.transaction {
                guard let next = try missing(in: connection).first else { return nil }
                if next.version > 1 { try refuse(refusal(connection)) }
                announce(.applying(version: next.version, name: next.name))
                try apply(next, to: connection)
                return next
            }
        }
        guard let applied else { return false }
        announce(.applied(version: applied.version, name: applied.name))
        return true
    }

    private func apply(_ migration: Migration, to connection: Connection) throws {
        do {
            if migration.version == 1 {
                try connection.execute(
                    script: """
                        CREATE TABLE migration (
                            version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT;
                        PRAGMA application_id = \(applicationID)
                        """)
            }
            try connection.execute(script: migration.sql)
            let orphans = try connection.foreignKeyCheck()
            guard orphans.isEmpty else {
                throw MigrationError.orphans(version: migration.version, name: migration.name, rows: orphans)
            }
            try connection.execute(
                "INSERT INTO migration (version, name, checksum) VALUES (?, ?, ?)",
                [migration.version, migration.name, migration.checksum])
            try connection.execute(script: "PRAGMA user_version = \(migration.version)")
        } catch let error as SQLiteError {
            throw MigrationError.failed(version: migration.version, name: migration.name, error)
        }
    }

    /// The steps that the file does not record. To be called within a transaction.
    private func missing(in connection: Connection) throws -> ArraySlice<Migration> {
        let isNew: Bool = try connection.value("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)")
        // Without a schema the version in the header means nothing.
        let version: Int = isNew ? 0 : try connection.value("PRAGMA user_version")
        guard version <= newestVersion else { throw MigrationError.newer(version: version, known: newestVersion) }
        guard version > 0 else { return migrations[...] }
        let recorded = try connection.all("SELECT version, name, checksum FROM migration ORDER BY version") { row in
            Migration(version: try row.get(0), name: try row.get(1), sql: "", checksum: try row.get(2))
        }
        for (known, had) in zip(migrations, recorded) {
            guard known.version == had.version else { throw MigrationError.missing(version: known.version, name: nil) }
            guard known.checksum == had.checksum else {
                throw MigrationError.edited(
                    version: had.version, name: had.name, recorded: had.checksum, known: known.checksum)
            }
        }
        guard recorded.count <= version else {
            throw MigrationError.missing(version: recorded[version].version, name: recorded[version].name)
        }
        guard recorded.count == version else { throw MigrationError.missing(version: recorded.count + 1, name: nil) }
        return migrations[version...]
    }

    private func refuse(_ reason: String?) throws {
        if let reason { throw MigrationError.refused(reason: reason) }
    }

    private func reading<Result>(_ body: () throws -> Result) throws(MigrationError) -> Result {
        do {
            return try body()
        } catch let error as MigrationError {
            throw error
        } catch let error as SQLiteError {
            throw .unreadable(error)
        } catch {
            throw .refused(reason: "\(error)")
        }
    }
}
