import BPSystem
import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Connection {
    /// Copies the database, as it is at one moment, to another file, while other connections continue to write.
    ///
    /// The copy is made beside `path` under another name, synced, and renamed. So `path` is either a whole copy or
    /// unchanged.
    /// - Parameters:
    ///   - replacing: whether an existing file there is replaced; otherwise it is an error (SQLITE_CANTOPEN).
    ///   - inspect: called with the path of the finished copy before it gets its name. It may change the copy. If it
    ///     throws, there is no copy.
    /// - Throws: `SQLiteError`, and errors of `inspect`.
    package func backup(
        to path: String, replacing: Bool = true, inspect: (_ unfinished: String) throws -> Void = { _ in }
    ) throws {
        let place: DatabaseFile
        do {
            place = try DatabaseFile(path)
        } catch {
            throw SQLiteError(extendedCode: SQLITE_CANTOPEN, message: "\(error)")
        }
        // SQLite would use a log at that path as the copy's own.
        for name in [place.path + "-wal", place.path + "-journal"] where FileStatus(name) != nil {
            throw SQLiteError(extendedCode: SQLITE_CANTOPEN, message: "\(name) exists: the file is in use")
        }
        guard let (unfinished, lock) = UnfinishedFile.create(beside: place.path) else {
            throw failure("making a file beside \(place.path)", SQLITE_CANTOPEN)
        }
        // Not before all connections to it are closed: they would lose their locks.
        defer { closeDescriptor(lock) }
        do {
            try copy(to: unfinished)
            try inspect(unfinished)
            try sync(unfinished, directory: false)
            try name(unfinished, place.path, replacing: replacing)
        } catch {
            for companion in ["", "-wal", "-shm", "-journal"] { unlink(unfinished + companion) }
            throw error
        }
        try sync(place.directory, directory: true)
    }

    /// Gives a finished copy its name.
    private func name(_ unfinished: String, _ path: String, replacing: Bool) throws(SQLiteError) {
        if !replacing {
            // The system itself refuses a second name if a file already has it, whichever process made that meanwhile.
            if link(unfinished, path) == 0 {
                unlink(unfinished)
                return
            }
            let isThere = errno == EEXIST || FileStatus(path) != nil
            if isThere { throw SQLiteError(extendedCode: SQLITE_CANTOPEN, message: "\(path) is there already") }
        }
        guard rename(unfinished, path) == 0 else { throw failure("renaming to \(path)", SQLITE_IOERR) }
    }

    private func copy(to path: String) throws(SQLiteError) {
        // Even if it is known to be lost: this is how it is saved.
        _ = handle.place?.restoreIndex()
        let copy = try DatabaseHandle(path, flags: SQLITE_OPEN_READWRITE)
        defer { copy.close() }
        // The copy is synced once, at the end; no other process knows its name before.
        try copy.run("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")
        guard let backup = sqlite3_backup_init(copy.pointer, "main", handle.pointer, "main") else {
            throw copy.error(sqlite3_extended_errcode(copy.pointer), nil)
        }
        let result = try? retryingBusy(for: options.busyTimeout) { () throws(SQLiteError) -> Int32 in
            // All pages in one step, which is one read transaction: in several steps it would start again after each
            // write.
            let result = sqlite3_backup_step(backup, -1)
            if result & 0xFF == SQLITE_BUSY || result & 0xFF == SQLITE_LOCKED {
                throw SQLiteError(extendedCode: SQLITE_BUSY, message: "")
            }
            return result
        }
        let finished = sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE, finished == SQLITE_OK else {
            throw copy.error(finished != SQLITE_OK ? finished : result ?? SQLITE_BUSY, nil)
        }
    }

    /// Reads the whole database into the cache of this connection, if it is small enough to stay there. While no other
    /// connection writes, it can then be saved even if the file is overwritten in place.
    package func fillCache() throws(SQLiteError) {
        // Three quarters of the cache: the log's pages need a place too.
        guard try handle.scalar("PRAGMA page_count", as: Int.self) * options.pageSize <= 12 << 20 else { return }
        let copy = try DatabaseHandle(":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY)
        defer { copy.close() }
        guard let backup = sqlite3_backup_init(copy.pointer, "main", handle.pointer, "main") else { return }
        sqlite3_backup_step(backup, -1)
        sqlite3_backup_finish(backup)
    }

    private func sync(_ path: String, directory: Bool) throws(SQLiteError) {
        let descriptor = open(path, (directory ? O_RDONLY | O_DIRECTORY : O_RDWR) | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opening \(path)", SQLITE_CANTOPEN) }
        defer { closeDescriptor(descriptor) }
        guard fsync(descriptor) == 0 else {
            let error = failure("syncing \(path)", SQLITE_IOERR | (directory ? 5 : 4) << 8)
            FailedSync.happened(error)
            throw error
        }
    }

    private func failure(_ action: String, _ code: Int32) -> SQLiteError {
        SQLiteError(extendedCode: code, message: "\(action): \(SystemError())")
    }
}

/// `close(2)`, which the method of that name would hide.
private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
