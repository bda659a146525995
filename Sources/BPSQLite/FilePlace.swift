import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files of an open database, as they were when it was opened: the file, its write-ahead log and the log's index.
///
/// SQLite goes on writing to files that were deleted, moved or replaced, and at the end removes by name what another
/// process may have put there. So a connection looks whether its names still lead to its files: at the begin and the end
/// of each write transaction (three `stat` calls, at most every 10 ms), before each checkpoint, at close, and when success
/// is to be reported. `FileContent` looks into the files at the same time.
package struct FilePlace: Sendable, Equatable {
    let path: String
    let file: FileIdentity
    private(set) var log: FileIdentity?
    private(set) var index: FileIdentity?
    /// The largest size of the index that was seen. SQLite never shortens it while a connection is open.
    private(set) var indexSize: Int

    /// The place of the database at `path`, which is open. Nil if nothing is there any more.
    init?(_ path: String) {
        guard let file = FileIdentity(path) else { return nil }
        (self.path, self.file) = (path, file)
        let index = FileStatus(path + "-shm")
        (log, self.index, indexSize) = (FileIdentity(path + "-wal"), index?.identity, index?.size ?? 0)
    }

    /// The change since then; nil if all files are in their places.
    ///
    /// While a connection is open, SQLite removes neither log nor index. A reader may have made them after it was opened.
    mutating func change() -> String? {
        if let change = FilePlace.change(path, file, FileIdentity(path)) { return change }
        let (log, index) = (FileIdentity(path + "-wal"), FileStatus(path + "-shm"))
        if let change = FilePlace.change("the log \(path)-wal", self.log, log) { return change }
        if let change = FilePlace.change(indexName, self.index, index?.identity) { return change }
        (self.log, self.index) = (log, index?.identity)
        if let change = restoreIndex(index) { return change }
        return nil
    }

    /// The index of the log in a message.
    var indexName: String { "the index of the log, \(path)-shm," }

    /// Gives the index its length back if another program has shortened it. SQLite has it mapped into memory, and an access
    /// behind its end would be a bus error. The bytes that are added are zero, which SQLite takes for an index that must be
    /// made again from the log, under its locks.
    /// - Returns: the change; nil if there is none, or if another file has the name.
    mutating func restoreIndex(_ status: FileStatus? = nil) -> String? {
        guard let index, let status = status ?? FileStatus(path + "-shm"), status.identity == index else { return nil }
        guard status.size < indexSize else {
            indexSize = status.size
            return nil
        }
        // By its name: a descriptor of one's own would drop the locks on the file when it is closed.
        truncate(path + "-shm", off_t(indexSize))
        return "\(indexName) was overwritten"
    }

    private static func change(_ name: String, _ before: FileIdentity?, _ now: FileIdentity?) -> String? {
        guard let before, before != now else { return nil }
        return now == nil ? "\(name) was deleted or moved" : "\(name) was replaced by another file"
    }

    /// Whether another connection's files are the same.
    package func isSame(as other: FilePlace) -> Bool {
        file == other.file && (log == nil || other.log == nil || log == other.log)
            && (index == nil || other.index == nil || index == other.index)
    }

    /// Whether the three files are together at `path`, under the names that belong together.
    func isWhole(at path: String) -> Bool {
        FileIdentity(path) == file && FileIdentity(path + "-wal") == log && FileIdentity(path + "-shm") == index
    }

    /// Whether the log at its name is still this database's, but the file is not: another database that is put there
    /// would be taken for the log's own.
    var leavesLog: Bool { FileIdentity(path) != file && log != nil && FileIdentity(path + "-wal") == log }
}
