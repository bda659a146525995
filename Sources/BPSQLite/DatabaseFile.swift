import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The place of an existing or a new database: an absolute path whose directory contains no symbolic links.
///
/// Only `stat` is used. Opening and closing the file directly would drop the locks that this process holds on it.
struct DatabaseFile {
    let path: String
    let directory: String
    let status: FileStatus?
    /// Whether there was a write-ahead log beside it, even an empty one.
    let hadLog: Bool

    /// - Throws: `OpenError.missing` without a directory, `.notAFile` if it is not a regular file.
    init(_ given: String) throws(OpenError) {
        let slash = given.lastIndex(of: "/")
        let name = slash.map { String(given[given.index(after: $0)...]) } ?? given
        guard !given.utf8.contains(0), !given.isEmpty else { throw .missing(path: given) }
        guard !["", ".", ".."].contains(name) else { throw .notAFile(path: given, kind: "directory") }
        let parent = slash.map { String(given[...$0]) } ?? "."
        guard let directory = FilePath.resolved(parent) else { throw .missing(path: given) }
        self.directory = directory
        path = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
        status = FileStatus(path)
        hadLog = FileStatus(path + "-wal") != nil
        if let kind = status?.kind, kind != "file" { throw .notAFile(path: given, kind: kind) }
    }

    /// Whether the file exists.
    var exists: Bool { status != nil }
    /// Whether it exists and is empty.
    var isEmpty: Bool { status?.size == 0 }

    /// Whether this process may create files beside it.
    var isDirectoryWritable: Bool { faccessat(AT_FDCWD, directory, W_OK, AT_EACCESS) == 0 }

    /// Whether committed data may be missing from the file itself, because there is a log or a journal beside it.
    var hasCompanion: Bool {
        ["-wal", "-journal"].contains { (FileStatus(path + $0)?.size ?? 0) > 0 }
    }

    /// The `file:` URI of the path, for SQLite's immutable mode, which cannot be selected in another way.
    var immutableURI: String {
        var text = "file:"
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII, scalar == "/" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                text.unicodeScalars.append(scalar)
            } else {
                text += byte < 16 ? "%0" : "%"
                text += String(byte, radix: 16)
            }
        }
        return text + "?immutable=1"
    }
}

/// The results of `lstat` that matter here.
struct FileStatus: Equatable {
    let kind: String
    let size: Int
    private let inode: UInt64
    private let changed: Int

    /// nil if there is nothing at `path`, or if it cannot be seen.
    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        size = Int(status.st_size)
        inode = UInt64(status.st_ino)
        #if canImport(Glibc)
            changed = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
        #else
            changed = status.st_mtimespec.tv_sec &* 1_000_000_000 &+ status.st_mtimespec.tv_nsec
        #endif
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: "file"
            case S_IFDIR: "directory"
            case S_IFLNK: "symbolic link"
            case S_IFIFO: "FIFO"
            case S_IFSOCK: "socket"
            default: "device"
            }
    }
}

/// A file that is read without locks, because its directory does not allow any.
///
/// This is safe while no process writes. A writer is detected by its log beside the file.
struct FrozenFile {
    private let path: String
    private let status: FileStatus

    init?(_ file: DatabaseFile) {
        guard let status = file.status, !file.hadLog, !file.hasCompanion else { return nil }
        path = file.path
        self.status = status
    }

    /// - Throws: `SQLiteError` (SQLITE_BUSY) if a process has begun to write since.
    func checkUnchanged() throws(SQLiteError) {
        guard FileStatus(path) == status, FileStatus(path + "-wal") == nil else {
            throw SQLiteError(extendedCode: SQLiteError.busy, message: "the file was changed while it was read")
        }
    }
}
