import BPSystem
import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// A connection's names and files.
extension Connection {
    /// The files it has open; nil if they are read as they lie, without locks.
    package var place: FilePlace? { handle.place }

    /// Whether another program has written over the file or its log in place.
    package var isOverwritten: Bool { handle.isOverwritten }

    /// Makes sure that the names of the database still lead to the files that are open, and that no other program has
    /// written over them.
    /// - Parameter isDue: looks even if it has just looked.
    /// - Throws: `SQLiteError` (`isMoved`) with the change.
    package func checkPlace(isDue: Bool = true) throws(SQLiteError) {
        if let change = handle.placeChange(isDue: isDue) { throw SQLiteError(moved: change) }
    }

    /// The processes that have the file open, as the kernel reports them. Nil if it does not report this one, as for some
    /// file systems: then it says nothing about others.
    package var users: [Int32]? {
        guard let place else { return nil }
        let users = FileLocks.holders(of: place.file)
        return users.contains(getpid()) ? users : nil
    }

    /// The path at which the file, its log and the index of the log lie together now, if their folder was moved. Nil if
    /// they are not together, or if the system does not report it.
    package func placeElsewhere() -> String? {
        guard let place, let path = FileDescriptors.path(of: place.file), path != place.path else { return nil }
        return place.isWhole(at: path) ? path : nil
    }

    /// Takes the log of a database whose file was deleted, moved, replaced or overwritten out of the way of the next one, by
    /// another name; and a log that was overwritten out of the way of the file. Its index, which holds nothing, is removed.
    /// - Returns: the new name; nil if the log was not there any more, or is empty.
    package func setLogAside(as name: String) -> String? {
        guard let place, place.leavesLog || handle.isOverwritten, let log = FileStatus(place.path + "-wal"),
            log.identity == place.log, log.size > 0, rename(place.path + "-wal", name) == 0
        else { return nil }
        if place.index != nil, FileIdentity(place.path + "-shm") == place.index { unlink(place.path + "-shm") }
        return name
    }
}

extension DatabaseHandle {
    /// The change of the files' places or content; nil if they are in their places, or were 10 ms ago.
    func placeChange(isDue: Bool) -> String? {
        if let lost { return lost }
        guard var place else { return nil }
        let now = ContinuousClock.now
        if !isDue, let placeChecked, now - placeChecked < .milliseconds(10) { return nil }
        lost = place.change()
        self.place = place
        if lost == nil { lost = contentChange(place) }
        placeChecked = now
        return lost
    }

    /// The error of a transaction, or the change of the files that has caused it.
    func explained(_ error: any Error) -> any Error {
        placeChange(isDue: true).map { SQLiteError(moved: $0) } ?? error
    }

    /// Gives the log's index its length back, before SQLite uses it.
    /// - Throws: `SQLiteError` (`isMoved`) if it was shortened since the last time.
    func checkIndex() throws(SQLiteError) {
        guard let change = place?.restoreIndex() else { return }
        lost = lost ?? change
        throw SQLiteError(moved: change)
    }

    /// Remembers which files are open. What SQLite has open is asked of SQLite.
    func takePlace(_ path: String) throws(SQLiteError) {
        place = FilePlace(path)
        var moved: Int32 = 0
        let result = sqlite3_file_control(pointer, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        guard place != nil, result != SQLITE_OK || moved == 0 else {
            lost = "\(path) was deleted or replaced"
            throw SQLiteError(moved: lost ?? "")
        }
    }
}

/// What this process has open.
enum FileDescriptors {
    /// The path by which an open file is reached now; nil if it has none, or on a system without /proc.
    static func path(of identity: FileIdentity) -> String? {
        #if canImport(Glibc)
            for number in FilePath.names(in: "/proc/self/fd") {
                var buffer = [CChar](repeating: 0, count: 4_097)
                guard readlink("/proc/self/fd/\(number)", &buffer, 4_096) > 0 else { continue }
                let path = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if path.hasPrefix("/"), FileIdentity(path) == identity { return path }
            }
        #endif
        return nil
    }
}
