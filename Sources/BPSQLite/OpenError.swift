/// The reason why a file was not opened. Nothing was written to it.
package enum OpenError: Error, Sendable, Equatable {
    /// There is no such file, or even its directory is missing.
    case missing(path: String)
    /// The path is not a regular file but a directory, FIFO, device, socket or symbolic link.
    case notAFile(path: String, kind: String)
    /// The file is not an SQLite database.
    case notSQLite(path: String)
    /// A database of another application: `applicationID` is its number, 0 for a database that names none.
    case foreign(path: String, applicationID: Int32)
    /// A version of the schema that this program does not know.
    case newer(path: String, version: Int, known: Int)
    /// SQLite found the file's structure broken.
    case damaged(path: String, SQLiteError)
    /// The file, or a file that is needed beside it for reading or writing, cannot be created or written.
    case notWritable(path: String, SQLiteError)
    /// A log with something in it belongs to a file that is not there, or is empty.
    case logWithoutFile(path: String, bytes: Int)
    /// The log beside the file must be replayed, and cannot be, because nothing can be written there.
    case logNotReplayed(path: String, bytes: Int)
    /// The log or its index is missing, although these processes have the file open: it was deleted.
    case logDeleted(path: String, processes: [Int32])
    /// These processes have the file open by another of its names, beside which its log is.
    case otherName(path: String, processes: [Int32])
    /// The message of the system or of SQLite.
    case failed(path: String, SQLiteError)
}

extension OpenError: CustomStringConvertible {
    /// The file to be opened.
    package var path: String {
        switch self {
        case .missing(let path), .notAFile(let path, _), .notSQLite(let path), .foreign(let path, _),
            .newer(let path, _, _), .damaged(let path, _), .notWritable(let path, _), .failed(let path, _),
            .logWithoutFile(let path, _), .logNotReplayed(let path, _), .logDeleted(let path, _),
            .otherName(let path, _):
            path
        }
    }

    /// The error in one line, with the path and the values.
    package var description: String {
        switch self {
        case .missing(let path): "no file at \(path)"
        case .notAFile(let path, let kind): "\(path) is a \(kind), not a file"
        case .notSQLite(let path): "\(path) is not a SQLite database"
        case .foreign(let path, 0): "\(path) is a database of another application"
        case .foreign(let path, let id):
            "\(path) is a database of another application (application id 0x\(String(UInt32(bitPattern: id), radix: 16)))"
        case .newer(let path, let version, let known): "\(path) has schema version \(version); known is \(known)"
        case .damaged(let path, let error): "\(path) is damaged: \(error.message)"
        case .notWritable(let path, let error): "\(path) or its directory cannot be written: \(error.message)"
        case .logWithoutFile(let path, let bytes): "\(path) is missing, and its log of \(bytes) bytes is there"
        case .logNotReplayed(let path, let bytes):
            "the log of \(path), of \(bytes) bytes, cannot be replayed, because nothing can be written there"
        case .logDeleted(let path, let processes):
            "the log of \(path) is missing, although it is in use by \(processes.map { "process \($0)" })"
        case .otherName(let path, let processes):
            "\(path) is in use by another of its names, by \(processes.map { "process \($0)" })"
        case .failed(let path, let error): "\(path) cannot be opened: \(error.message)"
        }
    }
}
