import BPSystem
import CSQLite

/// The files of an open database, as they were when it was opened: the file, its write-ahead log and the log's index.
///
/// SQLite goes on writing to files that were deleted, moved or replaced, and at the end removes by name what another
/// process may have put there. So a connection looks whether its names still lead to its files: before each commit
/// (three `stat` calls, at most every 10 ms), before each checkpoint, at close, and when success is to be reported.
package struct FilePlace: Sendable, Equatable {
    let path: String
    let file: FileIdentity
    private(set) var log: FileIdentity?
    private(set) var index: FileIdentity?

    /// The place of the database at `path`, which is open. Nil if nothing is there any more.
    init?(_ path: String) {
        guard let file = FileIdentity(path) else { return nil }
        (self.path, self.file) = (path, file)
        (log, index) = (FileIdentity(path + "-wal"), FileIdentity(path + "-shm"))
    }

    /// The change since then; nil if all files are in their places.
    ///
    /// While a connection is open, SQLite removes neither log nor index. A reader may have made them after it was opened.
    mutating func change() -> String? {
        if let change = FilePlace.change(path, file, FileIdentity(path)) { return change }
        let (log, index) = (FileIdentity(path + "-wal"), FileIdentity(path + "-shm"))
        if let change = FilePlace.change("the log \(path)-wal", self.log, log) { return change }
        if let change = FilePlace.change("the index of the log, \(path)-shm,", self.index, index) { return change }
        (self.log, self.index) = (log, index)
        return nil
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
