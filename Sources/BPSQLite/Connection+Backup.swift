import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Connection {
    /// Copies the database, as it is at one moment, to a file of its own, while others go on writing.
    ///
    /// The copy is made beside `path` under another name, synced, and renamed, so that at `path` there is a whole copy
    /// or what was there before. An older file there is replaced.
    /// - Throws: `SQLiteError`.
    public func backup(to path: String) throws(SQLiteError) {
        let place: DatabaseFile
        do {
            place = try DatabaseFile(path)
        } catch {
            throw SQLiteError(extendedCode: SQLITE_CANTOPEN, message: "\(error)")
        }
        let unfinished = "\(place.path).\(getpid())-\(UInt32.random(in: 0 ... .max)).unfinished"
        do throws(SQLiteError) {
            try copy(to: unfinished)
            try sync(unfinished, directory: false)
            guard rename(unfinished, place.path) == 0 else { throw failure("renaming to \(place.path)", SQLITE_IOERR) }
        } catch {
            unlink(unfinished)
            throw error
        }
        try sync(place.directory, directory: true)
    }

    private func copy(to path: String) throws(SQLiteError) {
        let copy = try DatabaseHandle(path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE)
        defer { copy.close() }
        // The copy is synced once, whole; until then nobody knows its name.
        try copy.run("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")
        guard let backup = sqlite3_backup_init(copy.pointer, "main", handle.pointer, "main") else {
            throw copy.error(sqlite3_extended_errcode(copy.pointer), nil)
        }
        let result = try? retryingBusy(for: options.busyTimeout) { () throws(SQLiteError) -> Int32 in
            // All pages in one step, which is one read transaction: in parts it would begin again after each write.
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
