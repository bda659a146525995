import CSQLite

/// A file that SQLite has open, reached through SQLite: closing a descriptor of one's own would drop the locks on it.
struct OpenFile {
    private let pointer: UnsafeMutablePointer<sqlite3_file>
    private let methods: sqlite3_io_methods

    /// - Parameter kind: `SQLITE_FCNTL_FILE_POINTER` or `SQLITE_FCNTL_JOURNAL_POINTER`, which is the write-ahead log.
    init?(_ database: OpaquePointer?, _ kind: Int32) {
        var pointer: UnsafeMutablePointer<sqlite3_file>?
        guard database != nil, sqlite3_file_control(database, "main", kind, &pointer) == SQLITE_OK, let pointer,
            let methods = pointer.pointee.pMethods
        else { return nil }
        (self.pointer, self.methods) = (pointer, methods.pointee)
    }

    /// Its bytes; nil if the system does not say.
    var size: Int? {
        var size: sqlite3_int64 = 0
        guard methods.xFileSize(pointer, &size) == SQLITE_OK else { return nil }
        return Int(size)
    }

    /// `count` bytes at `offset`; nil if they are not all there.
    func bytes(_ count: Int, at offset: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = bytes.withUnsafeMutableBytes { buffer in
            methods.xRead(pointer, buffer.baseAddress, Int32(count), sqlite3_int64(offset))
        }
        return result == SQLITE_OK ? bytes : nil
    }

    /// The first 32 KiB of the index of the log, which this connection has mapped already; nil without shared memory.
    var index: UnsafeMutableRawPointer? {
        guard methods.iVersion >= 2, let map = methods.xShmMap else { return nil }
        var region: UnsafeMutableRawPointer?
        guard map(pointer, 0, 32_768, 0, &region) == SQLITE_OK else { return nil }
        return region
    }

    /// Calls `body` while no connection of any process can move the log into the file; nil if one is at it now.
    func withoutCheckpoints<Result>(_ body: () -> Result?) -> Result? {
        guard methods.iVersion >= 2, let lock = methods.xShmLock else { return nil }
        // WAL_CKPT_LOCK (https://www.sqlite.org/walformat.html, Locking).
        guard lock(pointer, 1, 1, SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE) == SQLITE_OK else { return nil }
        defer { _ = lock(pointer, 1, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE) }
        return body()
    }
}
