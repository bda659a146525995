import BPSystem
import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What SQLite, or this layer on its behalf, refused to do.
///
/// The SQL is the text with its `?`: bound values are never shown, since they are the user's data.
package struct SQLiteError: Error, Sendable, Equatable {
    /// SQLite's extended result code, such as SQLITE_IOERR_FSYNC (1034).
    package let extendedCode: Int32
    /// What happened, in SQLite's words or ours.
    package let message: String
    /// The statement, when there was one.
    package let sql: String?

    /// The byte of the SQL at which it happened, where SQLite tells.
    package let offset: Int?

    /// SQLite's primary result code, such as SQLITE_IOERR (10).
    package var code: Int32 { extendedCode & 0xFF }

    /// An error with the given result code.
    package init(extendedCode: Int32, message: String, sql: String? = nil, offset: Int? = nil) {
        self.offset = offset
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
    }

    init(misuse message: String, sql: String? = nil) {
        self.init(extendedCode: SQLITE_MISUSE, message: message, sql: sql)
    }
}

extension SQLiteError {
    /// Another connection held a lock for longer than the busy timeout.
    package var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_PROTOCOL }
    /// The disk, a quota or SQLite's own size limit is full.
    package var isFull: Bool {
        // Where a log cannot grow, SQLite tells an input/output error, with the system's words behind it.
        code == SQLITE_FULL || (code == SQLITE_IOERR && message.contains(SystemError(ENOSPC).description))
    }
    /// The operating system failed to read, write or sync.
    package var isIOError: Bool { code == SQLITE_IOERR }
    /// The file's contents are damaged: broken structure, or a value of a type that cannot be there.
    package var isDamage: Bool {
        // A header whose number of the schema's format is none has no code of its own.
        code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_MISMATCH
            || (code == SQLITE_ERROR && message == "unsupported file format")
    }
    /// The database, its file or its directory cannot be written.
    package var isReadOnly: Bool { code == SQLITE_READONLY }
    /// The file, or a file beside it, cannot be opened.
    package var isCannotOpen: Bool { code == SQLITE_CANTOPEN }
    /// A row breaks a constraint of the schema.
    package var isConstraint: Bool { code == SQLITE_CONSTRAINT }

    /// A sync did not reach the disk. What the kernel did with the unwritten pages is unknown, so nothing may be
    /// retried or acknowledged after it (PostgreSQL's "fsyncgate" of 2018).
    package var isFailedSync: Bool {
        extendedCode == SQLITE_IOERR | (4 << 8)  // SQLITE_IOERR_FSYNC
            || extendedCode == SQLITE_IOERR | (5 << 8)  // SQLITE_IOERR_DIR_FSYNC
    }
}

extension SQLiteError: CustomStringConvertible {
    /// What happened, where, with the value.
    package var description: String {
        let place = sql.map { " in: \($0)" } ?? ""
        return "SQLite error \(extendedCode): \(message)\(place)"
    }
}

extension SQLiteError {
    static let busy = SQLITE_BUSY
    static let notFound = SQLITE_NOTFOUND
}
