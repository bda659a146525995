import BPQuery
import BPSQLite

// Errors of lower layers in the registry's terms.
extension RegistryError {
    /// Any error that was thrown while the registry at `path` was used.
    package init(_ error: any Error, path: String) {
        switch error {
        case let error as RegistryError: self = error
        case let error as QueryError: self = .badQuery(error)
        case let error as SQLiteError: self.init(error, path: path)
        case let error as BadColumn:
            self = .damaged(
                path: path, place: "\(error.table) \(error.row)",
                what: "column \(error.column) holds an invalid value")
        default: self = .internalFailure(path: path, message: "\(error)")
        }
    }

    private init(_ error: SQLiteError, path: String) {
        if error.isMoved {
            self = .replaced(path: path, what: error.message, run: nil, rescue: nil)
        } else if error.isFull {
            self = .diskFull(path: path, message: error.message)
        } else if error.isBusy {
            self = .busy(path: path, message: error.message)
        } else if error.isDamage {
            self = .damaged(path: path, place: error.sql ?? "the file", what: error.message)
        } else if error.isReadOnly {
            self = .readOnly(path: path)
        } else if error.isIOError || error.isCannotOpen {
            self = .inputOutput(path: path, message: error.message)
        } else {
            self = .internalFailure(path: path, message: error.description)
        }
    }

    /// The reason why a file was not opened.
    init(_ error: OpenError, creating: Bool) {
        self =
            switch error {
            case .missing(let path) where creating: .unusable(path: path, reason: "its folder does not exist")
            case .missing(let path): .none(path: path)
            case .notAFile(let path, let kind): .unusable(path: path, reason: "it is a \(kind)")
            case .notSQLite(let path): .foreign(path: path, what: "it is not an SQLite file")
            case .foreign(let path, 0): .foreign(path: path, what: "a database of another application")
            case .foreign(let path, let id):
                .foreign(
                    path: path,
                    what:
                        "a database of another application (application id 0x\(String(UInt32(bitPattern: id), radix: 16)))"
                )
            case .newer(let path, let version, let known): .schemaNewer(path: path, found: version, known: known)
            case .damaged(let path, let error): .damaged(path: path, place: "the file", what: error.message)
            case .notWritable(let path, _): .readOnly(path: path)
            case .logWithoutFile(let path, let bytes): .log(path: path, .withoutFile(bytes: bytes))
            case .logNotReplayed(let path, let bytes): .log(path: path, .notReplayed(bytes: bytes))
            case .logDeleted(let path, let processes): .log(path: path, .deleted(processes: processes))
            case .otherName(let path, let processes): .log(path: path, .otherName(processes: processes))
            case .failed(let path, let error) where error.isCannotOpen:
                .unusable(path: path, reason: error.message)
            case .failed(let path, let error): RegistryError(error, path: path)
            }
    }

    /// The reason why a schema was not accepted or not brought up to date.
    init(_ error: MigrationError, path: String) {
        self =
            switch error {
            case .newer(let version, let known): .schemaNewer(path: path, found: version, known: known)
            case .unreadable(let error), .failed(_, _, let error), .backupFailed(_, let error):
                RegistryError(error, path: path)
            case .orphans: .damaged(path: path, place: "the file", what: error.description)
            case .edited, .missing: .schemaEdited(path: path, what: error.description)
            case .refused: .internalFailure(path: path, message: error.description)
            }
    }
}
