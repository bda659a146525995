/// One step of a schema, which is never edited after it has been published.
package struct Migration: Sendable, Equatable {
    /// Its place in the order, counted from 1; the file's `user_version` after it.
    package let version: Int
    /// A name for people.
    package let name: String
    /// Its SQL: one or more statements, with no BEGIN or COMMIT.
    package let sql: String
    /// A digest of `sql`, which detects edits.
    package let checksum: String

    /// A step of a schema.
    package init(version: Int, name: String, sql: String, checksum: String) {
        self.version = version
        self.name = name
        self.sql = sql
        self.checksum = checksum
    }
}

/// The reason why a schema was not accepted or not brought up to date. The file is as it was before the step that
/// failed.
package enum MigrationError: Error, Sendable {
    /// A step recorded in the file differs from the one here.
    case edited(version: Int, name: String, recorded: String, known: String)
    /// The file records steps that are not among those before its version: `version` is recorded as `name`, or absent.
    case missing(version: Int, name: String?)
    /// The file records more steps than there are here.
    case newer(version: Int, known: Int)
    /// The steps must wait, for the reason that the caller gave.
    case refused(reason: String)
    /// A step failed.
    case failed(version: Int, name: String, SQLiteError)
    /// After a step rows have no parent, each described in a line: the file was already damaged, or the step is wrong.
    case orphans(version: Int, name: String, rows: [String])
    /// The copy before the steps could not be made.
    case backupFailed(path: String, SQLiteError)
    /// The list of steps could not be read or written.
    case unreadable(SQLiteError)
}

extension MigrationError: CustomStringConvertible {
    /// What happened, where, with the value.
    package var description: String {
        switch self {
        case .edited(let version, let name, let recorded, let known):
            "migration \(version) (\(name)) was edited: the file has \(recorded.prefix(12)), this program \(known.prefix(12))"
        case .missing(let version, let name):
            "migration \(version)\(name.map { " (\($0))" } ?? "") is at the wrong place in the order"
        case .newer(let version, let known): "the file has schema version \(version); known is \(known)"
        case .refused(let reason): "no migration now: \(reason)"
        case .failed(let version, let name, let error): "migration \(version) (\(name)) failed: \(error)"
        case .orphans(let version, let name, let rows):
            "migration \(version) (\(name)) leaves rows without their parents: \(rows.prefix(3).joined(separator: "; "))"
        case .backupFailed(let path, let error): "no backup before the migration at \(path): \(error)"
        case .unreadable(let error): "the list of migrations cannot be used: \(error)"
        }
    }
}

/// A notice about the progress of a migration.
package enum MigrationEvent: Sendable, Equatable {
    /// A copy of the file was made at `path`.
    case backedUp(path: String)
    /// A step begins.
    case applying(version: Int, name: String)
    /// It is committed.
    case applied(version: Int, name: String)
}
