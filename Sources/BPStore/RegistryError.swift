public import BPQuery

/// An error of the registry, with the values that a person needs to see. Each caller adds its own advice when it prints
/// the error.
public enum RegistryError: Error, Sendable, Equatable {
    /// There is no registry at the path.
    case none(path: String)
    /// The path cannot hold a registry (a directory, no permission, a missing folder).
    case unusable(path: String, reason: String)
    /// The registry or its folder cannot be written.
    case readOnly(path: String)
    /// The run's process is alive, so it can be neither resumed nor changed.
    case alive(run: Int, owner: Owner, sign: SignOfLife)
    /// The open file, its log or the log's index was deleted, moved or replaced: its name leads to something else.
    /// `run`: the run that was recorded.
    case replaced(path: String, what: String, run: Int?, rescue: Rescue?)
    /// The write-ahead log is missing, or cannot be used.
    case log(path: String, LogFault)
    /// The schema was made by a newer bpreg.
    case schemaNewer(path: String, found: Int, known: Int)
    /// The schema is older than this bpreg can read; it must be migrated first.
    case schemaOlder(path: String, found: Int, needed: Int)
    /// A migration was edited or is missing, or the schema differs from the result of the migrations.
    case schemaEdited(path: String, what: String)
    /// The file belongs to another application or is not an SQLite file.
    case foreign(path: String, what: String)
    /// Stored data do not match their hash, their seal or related rows.
    case damaged(path: String, place: String, what: String)
    /// The reference names nothing; `exists` lists the existing things, `near` the similar names.
    case notFound(reference: String, what: String, exists: String, near: [String])
    /// The text is not a reference.
    case badReference(text: String, reason: String)
    /// A query that a person wrote is not understood.
    case badQuery(QueryError)
    /// An answer took longer than its time limit.
    case tooLong(seconds: Double)
    /// The name is not valid for a model or an alias.
    case badName(name: String, reason: String)
    /// The weights have been moved to an archive.
    case archived(what: String, path: String, digest: SHA256Digest)
    /// The source of a restoration was not written by a registry.
    case unsound(place: String, what: String)
    /// The new data contradict the recorded data.
    case conflict(place: String, what: String)
    /// Something depends on the thing to be deleted.
    case inUse(what: String, by: [String])
    /// A deletion cannot be undone. `first`: the thing whose own deletion must be undone first.
    case notUndoable(what: String, why: String, first: Subject?)
    /// The point was superseded and `gc` has freed it. `kept` is the last point of that line that is still stored.
    case freed(place: String, kept: String?)
    /// Another process has taken the run over; this one must stop.
    case fencingLost(run: Int, held: Int, found: Int)
    /// There is no space left for the registry.
    case diskFull(path: String, message: String)
    /// Reading or writing failed.
    case inputOutput(path: String, message: String)
    /// The registry stayed locked for longer than the busy timeout.
    case busy(path: String, message: String)
    /// Any other error of SQLite: a mistake in this program.
    case internalFailure(path: String, message: String)
}

extension RegistryError: CustomStringConvertible {
    /// What happened, in one line, with the values.
    public var description: String {
        switch self {
        case .none(let path): "no registry at \(path.isEmpty ? "an empty path" : path)"
        case .unusable(let path, let reason):
            "cannot use \(path.isEmpty ? "an empty path" : path) as a registry: \(reason)"
        case .readOnly(let path): "the registry \(path) cannot be written"
        case .alive(let run, let owner, .process): "run \(run) is alive: \(owner)"
        case .alive(let run, let owner, .lease(_, let seconds)):
            "run \(run) may be alive: \(owner) cannot be checked from here, and its lease ends in \(seconds) s"
        case .replaced(_, let what, _, let rescue):
            "\(what) while it was in use" + (rescue.map { "; \($0)" } ?? "")
        case .log(let path, let fault): fault.description(path)
        case .schemaNewer(let path, let found, let known):
            "the registry \(path) has schema \(found), made by a newer bpreg; this one knows schema \(known)"
        case .schemaOlder(let path, let found, let needed):
            "the registry \(path) has schema \(found); reading it needs schema \(needed)"
        case .schemaEdited(let path, let what):
            "the schema of \(path) differs from the result of its migrations: \(what)"
        case .foreign(let path, let what): "\(path) is not a bpreg registry: \(what)"
        case .damaged(let path, let place, let what): "the registry \(path) is damaged: \(place): \(what)"
        case .notFound(let reference, let what, let exists, _): "\(reference): \(what); \(exists)"
        case .badReference(let text, let reason): "\"\(text)\" is not a reference: \(reason)"
        case .badQuery(let error): error.description
        case .tooLong(let seconds): "no answer within \(seconds) s"
        case .badName(let name, let reason): "\"\(name)\" cannot be a name: \(reason)"
        case .archived(let what, let path, let digest):
            "\(what) is archived in \(path) (digest \(digest.short)), and no longer in the registry"
        case .unsound(let place, let what): "cannot be restored: \(place): \(what)"
        case .conflict(let place, let what): "\(place): \(what)"
        case .inUse(let what, let users) where users.count == 1 && users[0].hasPrefix("\(what), "):
            "\(what) is \(users[0].dropFirst(what.count + 2)): to delete it changes what that name means"
        case .inUse(let what, let users):
            "\(what) cannot be deleted alone, because \(users.count == 1 ? "this depends" : "these depend") on it: "
                + users.joined(separator: "; ")
        case .notUndoable(let what, let why, _): "the deletion of \(what) cannot be undone: \(why)"
        case .freed(let place, let kept):
            "\(place), were superseded and gc has freed them"
                + (kept.map { "; of that line \($0) is the last kept" } ?? "")
        case .fencingLost(let run, let held, let found):
            "run \(run) was taken over by another process (fence \(found), this one holds \(held))"
        case .diskFull(let path, let message): "no space left for \(path): \(message)"
        case .inputOutput(let path, let message): "reading or writing \(path) failed: \(message)"
        case .busy(let path, let message): "\(path) stayed locked: \(message)"
        case .internalFailure(let path, let message): "\(path): \(message)"
        }
    }
}

extension Rescue: CustomStringConvertible {
    /// What became of it, in words that follow the event.
    public var description: String {
        switch self {
        case .saved(let path, let log):
            "all that was committed is saved in \(path)"
                + (log.map { ", and the log that was left is now \($0)" } ?? "")
        case .moved(let path): "it is now at \(path), with its log"
        case .impossible(let reason): "what was committed could not be saved: \(reason)"
        }
    }
}

extension LogFault {
    fileprivate func description(_ path: String) -> String {
        switch self {
        case .withoutFile(let bytes):
            "there is no registry at \(path), but its log is there: \(path)-wal, \(bytes) bytes; the registry was "
                + "deleted, emptied, or moved without its log"
        case .notReplayed(let bytes):
            "the log of the registry \(path) must be replayed (\(path)-wal, \(bytes) bytes), and nothing can be written "
                + "beside it"
        case .deleted(let processes):
            "the log of the registry \(path) was deleted or moved (\(path)-wal or \(path)-shm), while it is in use by "
                + processes.map { "process \($0)" }.joined(separator: ", ")
        case .otherName(let processes):
            "\(path) is a hard link to a registry that is in use by "
                + processes.map { "process \($0)" }.joined(separator: ", ")
                + " by another name; its log is beside that name"
        case .leftBehind:
            "\(path) is a database without tables: if it is a copy of a registry, the log \(path)-wal was left behind"
        }
    }
}
