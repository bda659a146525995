#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that are written beside their target under a name of their own, `TARGET.PROCESS-NUMBER.unfinished`, until they
/// are whole.
///
/// Each is locked (`flock`) while its process writes it. The kernel takes the lock away when the process ends, however it
/// ends, so a file that can be locked is no longer written. A process number alone does not show that: it is reused, and
/// another container has its own.
package enum UnfinishedFile {
    /// Makes an empty, locked file beside `target`, and first removes those that killed processes left there.
    /// - Returns: its path and descriptor, which keeps the lock until it is closed; nil with `errno`.
    package static func create(beside target: String) -> (path: String, descriptor: Int32)? {
        removeLeft(beside: target)
        while true {
            let path = "\(target).\(getpid())-\(UInt32.random(in: 0 ... .max)).unfinished"
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { return nil }
            // Before it was locked, another process may have taken it for a left one. A file system without locks goes on.
            var status = stat()
            let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
            if isLocked, fstat(descriptor, &status) == 0, status.st_nlink > 0 { return (path, descriptor) }
            close(descriptor)
        }
    }

    /// Removes the files of this user beside `target` that no process is writing any more.
    package static func removeLeft(beside target: String) {
        let folder = FilePath.folder(of: target)
        let prefix = target.split(separator: "/").last.map { $0 + "." } ?? ""
        for name in FilePath.names(in: folder) where name.hasPrefix(prefix) {
            guard let process = process(in: name.dropFirst(prefix.utf8.count)) else { continue }
            let path = (folder == "/" ? "" : folder) + "/" + name
            guard isLeft(path, by: process) else { continue }
            for companion in ["", "-wal", "-shm", "-journal"] { unlink(path + companion) }
        }
    }

    /// The number of the process in `123-456.unfinished`; nil for another name.
    private static func process(in name: Substring) -> Int32? {
        guard name.hasSuffix(".unfinished") else { return nil }
        let numbers = name.dropLast(".unfinished".utf8.count).split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, UInt32(numbers[1]) != nil else { return nil }
        return Int32(numbers[0])
    }

    private static func isLeft(_ path: String, by process: Int32) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            flock(descriptor, LOCK_EX | LOCK_NB) == 0
        else { return false }
        // Of a process that is there the lock may be still to come.
        let isThere = kill(process, 0) == 0 || errno == EPERM
        #if canImport(Glibc)
            let written = status.st_mtim.tv_sec
        #else
            let written = status.st_mtimespec.tv_sec
        #endif
        return !isThere || time(nil) - written > 60
    }
}
