import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is whole, or not there.
///
/// What is written goes to a file of another name beside the target; `finish` syncs it, gives it its name in one step
/// and syncs the folder. Without `finish`, or after an error, only the earlier file is left. A
/// process that is killed leaves the other file, which the next one to write the same target removes.
package final class AtomicFile {
    /// The path it will have. Of a symbolic link it is what the link names.
    package let path: String
    /// The name until it is finished.
    let unfinished: String
    private let replace: Bool
    private var descriptor: Int32
    /// Bytes written so far.
    package private(set) var count = 0

    /// Begins a file.
    /// - Parameters:
    ///   - path: where it will be.
    ///   - replace: whether a file that is there may be replaced, which happens in `finish`.
    /// - Throws: `FileError`: `exists`, `unusable`, `full` or `unwritable`.
    package init(_ path: String, replace: Bool) throws(FileError) {
        let target = try AtomicFile.target(path, replace: replace)
        self.path = target.path
        self.replace = replace
        guard let file = UnfinishedFile.create(beside: target.path) else {
            let missing = errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG
            throw FileError(missing ? .unusable : .unwritable, path, "cannot be written", number: errno)
        }
        (unfinished, descriptor) = file
        if let mode = target.mode { fchmod(descriptor, mode) }
    }

    deinit { abandon() }

    /// Adds bytes at the end.
    /// - Throws: `FileError` (`full` or `unwritable`).
    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        try put(bytes, at: count)
        count += bytes.count
    }

    /// Adds bytes at the end.
    /// - Throws: `FileError` (`full` or `unwritable`).
    package func write(_ bytes: [UInt8]) throws(FileError) {
        try bytes.withUnsafeBufferPointer { buffer throws(FileError) in try write(UnsafeRawBufferPointer(buffer)) }
    }

    /// Writes over bytes that were written before.
    /// - Throws: `FileError` (`unwritable`).
    package func rewrite(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        guard offset >= 0, offset <= count - bytes.count else {
            throw FileError(.unwritable, path, "has no \(bytes.count) bytes at byte \(offset)")
        }
        try bytes.withUnsafeBufferPointer { buffer throws(FileError) in
            try put(UnsafeRawBufferPointer(buffer), at: offset)
        }
    }

    /// Syncs the file, gives it its name and syncs the folder.
    /// - Throws: `FileError`; then what was at the path is untouched, unless it is the sync of the folder that failed.
    package func finish() throws(FileError) {
        guard descriptor >= 0 else { throw FileError(.unwritable, path, "was given up") }
        let synced = fsync(descriptor)
        let number = errno
        let closed = close(descriptor)
        descriptor = -1
        guard synced == 0, closed == 0 else {
            let error = FileError(.unwritable, path, "cannot be synced", number: synced == 0 ? errno : number)
            unlink(unfinished)
            throw error
        }
        do { try giveName() } catch {
            unlink(unfinished)
            throw error
        }
        try syncFolder()
    }

    /// Ends without a file. What was at the path stays.
    package func abandon() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(unfinished)
    }

    // MARK: -

    private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
        guard descriptor >= 0 else { throw FileError(.unwritable, path, "was given up") }
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let written = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else {
                let error = FileError(.unwritable, path, "cannot be written", number: written == 0 ? ENOSPC : errno)
                abandon()
                throw error
            }
            done += written
        }
    }

    private func giveName() throws(FileError) {
        if replace {
            guard rename(unfinished, path) == 0 else {
                throw FileError(.unwritable, path, "cannot be made", number: errno)
            }
            return
        }
        // A second name is refused where one is; renaming would replace what somebody made in the meantime.
        if link(unfinished, path) == 0 {
            unlink(unfinished)
            return
        }
        let number = errno
        var status = stat()
        guard number != EEXIST, lstat(path, &status) != 0 else { throw FileError(.exists, path, "exists already") }
        // A file system without second names.
        guard rename(unfinished, path) == 0 else { throw FileError(.unwritable, path, "cannot be made", number: errno) }
    }

    private func syncFolder() throws(FileError) {
        let folder = open(FilePath.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            throw FileError(.unwritable, path, "is there, but its folder cannot be synced", number: errno)
        }
        defer { close(folder) }
        // Some network file systems know no sync of a folder.
        guard fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw FileError(.unwritable, path, "is there, but its folder cannot be synced", number: errno)
        }
    }

    /// Where `path` really leads, and the mode of the file that is replaced.
    private static func target(_ path: String, replace: Bool) throws(FileError) -> (path: String, mode: mode_t?) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw FileError(.unusable, path, "is no name of a file") }
        if path.hasSuffix("/") { throw FileError(.unusable, path, "is a directory") }
        var status = stat()
        guard lstat(path, &status) == 0 else { return (path, nil) }
        guard replace else { throw FileError(.exists, path, "exists already") }
        var target = path
        if status.st_mode & S_IFMT == S_IFLNK {
            guard let resolved = FilePath.resolved(path), stat(resolved, &status) == 0 else {
                throw FileError(.unusable, path, "is a link to nothing")
            }
            target = resolved
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return (target, status.st_mode & 0o777)
        case S_IFDIR: throw FileError(.unusable, path, "is a directory")
        default: throw FileError(.unusable, path, "is no regular file")
        }
    }
}
