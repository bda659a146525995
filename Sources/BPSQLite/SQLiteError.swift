import BPSystem
import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An operation that SQLite, or this layer on its behalf, refused.
///
/// The SQL is the text with its `?`: bound values are never shown, because they are the user's data.
package struct SQLiteError: Error, Sendable, Equatable {
    /// SQLite's extended result code, such as SQLITE_IOERR_FSYNC (1034).
    package let extendedCode: Int32
    /// The message of SQLite or of this layer.
    package let message: String
    /// The statement, if there was one.
    package let sql: String?

    /// The byte of the SQL at which it happened, if SQLite reports it.
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

    /// The file, its log or the log's index is no longer what its name leads to.
    init(moved what: String) {
        self.init(extendedCode: SQLiteError.moved, message: what)
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
        // If a log cannot grow, SQLite reports an input/output error with the system's message.
        code == SQLITE_FULL || (code == SQLITE_IOERR && message.contains(SystemError(ENOSPC).description))
    }
    /// The operating system failed to read, write or sync.
    package var isIOError: Bool { code == SQLITE_IOERR }
    /// The file's contents are damaged: broken structure, or a value of an unexpected type.
    package var isDamage: Bool {
        // An unknown schema format number in the header has no error code of its own.
        code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_MISMATCH
            || (code == SQLITE_ERROR && message == "unsupported file format")
    }
    /// The database, its file or its directory cannot be written.
    package var isReadOnly: Bool { code == SQLITE_READONLY && !isMoved }
    /// The open file, its log or the log's index was deleted, moved or replaced.
    package var isMoved: Bool { extendedCode == SQLiteError.moved }
    /// The file, or a file beside it, cannot be opened.
    package var isCannotOpen: Bool { code == SQLITE_CANTOPEN }
    /// A row violates a constraint of the schema.
    package var isConstraint: Bool { code == SQLITE_CONSTRAINT }

    /// A sync did not reach the disk. It is unknown whether the kernel kept the unwritten pages, so nothing may be
    /// retried or acknowledged after it (PostgreSQL's "fsyncgate" of 2018).
    package var isFailedSync: Bool {
        extendedCode == SQLITE_IOERR | (4 << 8)  // SQLITE_IOERR_FSYNC
            || extendedCode == SQLITE_IOERR | (5 << 8)  // SQLITE_IOERR_DIR_FSYNC
    }
}

extension SQLiteError: CustomStringConvertible {
    /// The error in one line, with the statement and the values.
    package var description: String {
        let place = sql.map { " in: \($0)" } ?? ""
        return "SQLite error \(extendedCode): \(message)\(place)"
    }
}

extension SQLiteError {
    static let busy = SQLITE_BUSY
    /// SQLITE_READONLY_DBMOVED
    static let moved = SQLITE_READONLY | (4 << 8)
    static let notFound = SQLITE_NOTFOUND
}
