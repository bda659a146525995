import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The place of an existing or a new database: an absolute path without symbolic links.
///
/// Only `stat` is used. Opening and closing the file directly would drop the locks that this process holds on it.
struct DatabaseFile {
    /// The path as it was given, for messages.
    let given: String
    let path: String
    let directory: String
    let status: FileStatus?
    /// Whether there was a write-ahead log beside it, even an empty one.
    let hadLog: Bool

    /// A symbolic link is followed, so that all who use the file use one log and one set of locks.
    /// - Throws: `OpenError.missing` without a directory, `.notAFile` if it is not a regular file.
    init(_ given: String) throws(OpenError) {
        let slash = given.lastIndex(of: "/")
        let name = slash.map { String(given[given.index(after: $0)...]) } ?? given
        guard !given.utf8.contains(0), !given.isEmpty else { throw .missing(path: given) }
        guard !["", ".", ".."].contains(name) else { throw .notAFile(path: given, kind: "directory") }
        let parent = slash.map { String(given[...$0]) } ?? "."
        guard let folder = FilePath.resolved(parent) else { throw .missing(path: given) }
        var path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
        if let target = FilePath.linkTarget(path) {
            guard let real = FilePath.resolved(path) else {
                if FilePath.isLoop(path) {
                    throw .notAFile(path: given, kind: "symbolic link to \(target), which leads back to itself")
                }
                throw .notAFile(path: given, kind: "symbolic link to \(target), which is not there")
            }
            path = real
        }
        (self.given, self.path) = (given, path)
        directory = FilePath.folder(of: path)
        status = FileStatus(path)
        hadLog = FileStatus(path + "-wal") != nil
        if let kind = status?.kind, kind != "file" { throw .notAFile(path: given, kind: kind) }
    }

    /// Whether the file exists.
    var exists: Bool { status != nil }
    /// Whether it exists and is empty.
    var isEmpty: Bool { status?.size == 0 }
    /// Whether a log holds something, and the file to which it belongs is not there or empty. SQLite would delete it.
    var isLogAlone: Bool { (status?.size ?? 0) == 0 && logBytes > 0 }
    /// Bytes of the log beside it.
    var logBytes: Int { FileStatus(path + "-wal")?.size ?? 0 }
    /// Whether the log and its index, which each process that uses the file needs, are there.
    var hasLogAndIndex: Bool { FileStatus(path + "-wal") != nil && FileStatus(path + "-shm") != nil }

    /// Whether this process may create files beside it.
    var isDirectoryWritable: Bool { faccessat(AT_FDCWD, directory, W_OK, AT_EACCESS) == 0 }

    /// Whether this process may read the file and its log.
    var isLogReadable: Bool {
        faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 && faccessat(AT_FDCWD, path + "-wal", R_OK, AT_EACCESS) == 0
    }

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
    /// How many names it has.
    let names: Int
    let identity: FileIdentity
    /// The time of the last write, in nanoseconds.
    let modified: Int

    /// nil if there is nothing at `path`, or if it cannot be seen.
    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        size = Int(status.st_size)
        names = Int(status.st_nlink)
        identity = FileIdentity(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
        #if canImport(Glibc)
            modified = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
        #else
            modified = status.st_mtimespec.tv_sec &* 1_000_000_000 &+ status.st_mtimespec.tv_nsec
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
/// This is safe while no process writes. A writer is detected by the log beside the file, which is then not empty.
struct FrozenFile {
    private let path: String
    private let status: FileStatus

    init?(_ file: DatabaseFile) {
        guard let status = file.status, !file.hasCompanion else { return nil }
        path = file.path
        self.status = status
    }

    /// - Throws: `SQLiteError` (SQLITE_BUSY) if a process has begun to write since.
    func checkUnchanged() throws(SQLiteError) {
        guard FileStatus(path) == status, (FileStatus(path + "-wal")?.size ?? 0) == 0 else {
            throw SQLiteError(extendedCode: SQLiteError.busy, message: "the file was changed while it was read")
        }
    }
}
