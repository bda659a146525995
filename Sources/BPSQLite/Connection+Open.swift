import BPSystem
import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The result of opening.
struct Opened {
    let handle: DatabaseHandle
    let path: String
    let identity: Connection.Identity
    var snapshot: FrozenFile?
    var madeCompanions = false
    var hadLog = false
}

extension Connection {
    /// Opens the database at `path`, which is always a plain path, even if it begins with `file:`.
    ///
    /// The file is identified before anything in it is changed. A new file gets its page size here and becomes a WAL
    /// database; its schema and application id come with the first migration.
    /// - Throws: `OpenError`. A file of 0 bytes is no error: see `identity`.
    package convenience init(
        path: String, mode: Mode, options: Options
    ) throws(OpenError) {
        var file = try DatabaseFile(path)
        if file.isLogAlone { try Connection.refuseLogAlone(path) }
        if !file.exists, mode != .create { throw .missing(path: path) }
        do {
            try Connection.refuseStrangers(file, options)
            try Connection.waitForLog(&file)
            let opened =
                mode == .readOnly
                ? try Connection.openForReading(file, options) : try Connection.openForWriting(file, mode, options)
            self.init(opened: opened, mode: mode, options: options)
        } catch let error as SQLiteError {
            throw OpenError(error, path: path)
        } catch let error as OpenError {
            throw error
        } catch {
            throw .failed(path: path, SQLiteError(misuse: "\(error)"))
        }
        if mode != .readOnly { watchLog() }
    }

    /// Refuses to make a database where the log of another was left: SQLite would delete it.
    private static func refuseLogAlone(_ path: String) throws(OpenError) {
        // Another process may just be making both.
        usleep(20_000)
        let file = try DatabaseFile(path)
        if file.isLogAlone { throw .logWithoutFile(path: path, bytes: file.logBytes) }
    }

    /// Refuses a file that another process has open while its log, or the log's index, is missing: it was deleted, and a
    /// second one would be written over the first. That process notices too, and ends within a commit or two.
    private static func waitForLog(_ file: inout DatabaseFile) throws(OpenError) {
        let deadline = ContinuousClock.now + .seconds(2)
        while file.exists, !file.isEmpty, !file.hasLogAndIndex, let identity = FileIdentity(file.path) {
            let processes = FileLocks.holders(of: identity)
            if processes.isEmpty { return }
            // A process that is opening or closing it has no log either.
            guard ContinuousClock.now < deadline else {
                // A hard link: they have opened it by another name, and their log has that name.
                if let status = file.status, status.names > 1 {
                    throw .otherName(path: file.given, processes: processes)
                }
                throw .logDeleted(path: file.given, processes: processes)
            }
            usleep(20_000)
            file = try DatabaseFile(file.given)
        }
    }

    /// Looks at the file in its present state, without locks or recovery and without creating anything beside it, so
    /// that another application's file is refused untouched. Unclear cases are left to the second look, under locks.
    private static func refuseStrangers(_ given: DatabaseFile, _ options: Options) throws {
        var file = given
        for _ in 0..<2 {
            guard let refusal = refusal(of: file, options), refusal.isSure || !file.hasCompanion else { return }
            // Without locks, a file that another process is just creating may look like anything. That does not last.
            usleep(20_000)
            let now = try DatabaseFile(given.path)
            if now.status == file.status, !now.hasCompanion || refusal.isSure { throw refusal.error }
            file = now
        }
    }

    /// The reason to refuse the file in its present state. It does not depend on any log or journal beside the file.
    private static func refusal(
        of file: DatabaseFile, _ options: Options
    ) -> (error: any Error, isSure: Bool)? {
        guard file.exists, !file.isEmpty else { return nil }
        // SQLite treats a file of one byte as an empty one.
        guard file.status?.size != 1 else { return (OpenError.notSQLite(path: file.path), true) }
        do {
            let handle = try DatabaseHandle(file.immutableURI, flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
            try protect(handle)
            let header = try Header(handle)
            // If a crash has torn the first page, only its first bytes are reliable.
            do { _ = try header.identify(file.path, options) } catch { return (error, header.applicationID != 0) }
        } catch {
            return error.isDamage ? (error, false) : nil
        }
        return nil
    }

    private static func openForWriting(_ file: DatabaseFile, _ mode: Mode, _ options: Options) throws -> Opened {
        if !file.exists, !file.isDirectoryWritable {
            // SQLite's own message for this is "no such file".
            throw SQLiteError(
                extendedCode: SQLITE_READONLY, message: "no permission to make a file in \(file.directory)")
        }
        let create = mode == .create ? SQLITE_OPEN_CREATE : 0
        do {
            return try openForWriting(file, create, options)
        } catch let error as SQLiteError where error.isCannotOpen && file.exists && !file.isDirectoryWritable {
            // SQLite misses the log or its index, which it cannot make, and says "no such file".
            if file.logBytes > 0, file.isLogReadable {
                throw OpenError.logNotReplayed(path: file.given, bytes: file.logBytes)
            }
            throw SQLiteError(extendedCode: SQLITE_READONLY, message: "nothing can be written in \(file.directory)")
        }
    }

    private static func openForWriting(
        _ file: DatabaseFile, _ create: Int32, _ options: Options
    ) throws -> Opened {
        try retryingBusy(for: options.busyTimeout) { () throws(SQLiteError) in
            let handle = try DatabaseHandle(file.path, flags: SQLITE_OPEN_READWRITE | create)
            try prepare(handle, options)
            return handle
        }.identified(file, options) { handle, identity throws(SQLiteError) in
            if sqlite3_db_readonly(handle.pointer, "main") == 1 {
                throw SQLiteError(extendedCode: SQLITE_READONLY, message: "no permission to write")
            }
            try configureForWriting(handle, identity, options)
            try handle.takePlace(file.path)
        }
    }

    private static func openForReading(_ file: DatabaseFile, _ options: Options) throws -> Opened {
        do {
            let handle = try DatabaseHandle(file.path, flags: SQLITE_OPEN_READONLY)
            try prepare(handle, options)
            var opened = try handle.identified(file, options)
            try handle.takePlace(file.path)
            opened.madeCompanions = FileStatus(file.path + "-wal") != nil && !file.hadLog
            return opened
        } catch let error as SQLiteError where error.isReadOnly || error.isCannotOpen {
            // A WAL database needs two files beside it, which a read-only directory does not allow. After its last
            // writer has closed it, the file itself is complete and can be read without them.
            guard let frozen = FrozenFile(file) else {
                guard !file.isDirectoryWritable, file.isLogReadable else { throw error }
                throw OpenError.logNotReplayed(path: file.given, bytes: file.logBytes)
            }
            let handle = try DatabaseHandle(file.immutableURI, flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
            try prepare(handle, options)
            var opened = try handle.identified(file, options)
            opened.snapshot = frozen
            return opened
        }
    }

    /// Settings that need no lock. The busy timeout is set before any pragma, because a pragma may need a lock.
    private static func prepare(_ handle: DatabaseHandle, _ options: Options) throws(SQLiteError) {
        let milliseconds = options.busyTimeout / .milliseconds(1)
        sqlite3_busy_timeout(handle.pointer, Int32(clamping: Int(milliseconds)))
        try protect(handle)
    }

    /// Makes SQLite trust neither the schema nor the cells of the file.
    private static func protect(_ handle: DatabaseHandle) throws(SQLiteError) {
        for (option, value) in [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
            (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0), (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
            (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DQS_DDL, 0), (SQLITE_DBCONFIG_ENABLE_FKEY, 1),
        ] as [(Int32, Int32)] {
            try handle.check(bp_sqlite3_db_config_int(handle.pointer, option, value, nil))
        }
        try handle.run("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY")
    }

    private static func configureForWriting(
        _ handle: DatabaseHandle, _ identity: Identity, _ options: Options
    ) throws(SQLiteError) {
        // Both take effect only while the file is empty, and are stored in its first page from then on.
        let layout = "PRAGMA page_size = \(options.pageSize); PRAGMA auto_vacuum = INCREMENTAL"
        try handle.run(layout)
        if identity == .new, try handle.scalar("PRAGMA page_count", as: Int.self) > 0 {
            // Another tool created it, without a schema. Until there is a schema, the file can still be rebuilt.
            let pageSize = try handle.scalar("PRAGMA page_size", as: Int.self)
            let autoVacuum = try handle.scalar("PRAGMA auto_vacuum", as: Int.self)
            let isLaidOut = pageSize == options.pageSize && autoVacuum == 2
            if !isLaidOut { try handle.run("PRAGMA journal_mode = DELETE; \(layout); VACUUM") }
        }
        let journal = try handle.scalar("PRAGMA journal_mode = WAL", as: String.self)
        guard journal == "wal" else {
            throw SQLiteError(extendedCode: SQLITE_CANTOPEN, message: "WAL is not possible here (journal: \(journal))")
        }
        try handle.run(
            """
            PRAGMA synchronous = \(options.synchronous.name); PRAGMA fullfsync = ON;
            PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384
            """)
        guard try handle.scalar("PRAGMA synchronous", as: Int.self) == options.synchronous.level else {
            throw SQLiteError(extendedCode: SQLITE_CANTOPEN, message: "synchronous is not \(options.synchronous.name)")
        }
    }
}
