import BPSQLite
import BPSystem

/// What became of a registry whose file, log or log's index was deleted, moved, replaced or overwritten while it was open.
public enum Rescue: Sendable, Equatable {
    /// All that was committed was saved as a sound registry at `path`. The rest of the log at the old name has
    /// now the name `log`.
    case saved(path: String, log: String?)
    /// Nothing had to be saved: the three files are together at `path`, because their folder was moved.
    case moved(path: String)
    /// It could not be saved, or not all of it.
    case impossible(reason: String)
}

/// A fault of the write-ahead log of a registry.
public enum LogFault: Sendable, Equatable {
    /// A log of so many bytes is there, and the file to which it belongs is not, or is empty.
    case withoutFile(bytes: Int)
    /// A log of so many bytes must be replayed, which is impossible there: nothing can be written.
    case notReplayed(bytes: Int)
    /// The log or its index was deleted while these processes use the registry.
    case deleted(processes: [Int32])
    /// The file has several names (hard links), and these processes use it by another one, beside which its log is.
    case otherName(processes: [Int32])
    /// The file holds no table: it is the copy of a new registry without its log, or its maker was killed.
    case leftBehind
}

/// The files that a store has open.
package struct StorePlace: Sendable, Equatable {
    let place: FilePlace
}

extension Store {
    /// The files that are open; nil if they are read as they lie, without locks.
    package var place: StorePlace? { connection.place.map { StorePlace(place: $0) } }

    /// Makes sure that the names of the registry's files, and the path by which it was opened, still lead to the open files.
    /// - Throws: `replaced`.
    package func checkPlace() throws(RegistryError) {
        try translated { try connection.checkPlace() }
        // The path may be a symbolic link, or go through one, that was changed.
        guard place != nil, FilePath.resolved(name) != realPath else { return }
        throw .replaced(
            path: path, what: "\(name) was changed to lead to another file", run: nil, rescue: .moved(path: realPath))
    }

    /// Makes sure that this store has the same files open as another one of the same path.
    /// - Throws: `replaced`.
    func checkPlace(is other: StorePlace) throws(RegistryError) {
        guard let place, !place.place.isSame(as: other.place) else { return }
        throw .replaced(path: path, what: "\(path) was replaced by another file", run: nil, rescue: nil)
    }

    /// The path at which the three files lie together now; nil if they do not.
    package func placeElsewhere() -> String? { connection.placeElsewhere() }

    /// Keeps a small registry in memory, so that it can be saved even if the file is overwritten in place.
    package func prepareForRescue() {
        // It is a precaution: what fails here, the next transaction meets too.
        try? connection.fillCache()
    }

    /// Gives the log another name if the file to which it belongs is gone from its own, or if one of the two was overwritten.
    /// - Returns: the new name; nil if there was nothing to rename.
    package func setLogAside(as name: String) -> String? { connection.setLogAside(as: name) }

    /// Whether another program has written over the file or its log in place.
    package var isOverwritten: Bool { connection.isOverwritten }

    /// The path of the file, without symbolic links.
    package var realPath: String { connection.path }

    /// Whether there was a log beside the file before it was opened.
    package var hadLog: Bool { connection.hadLog }

    /// The reason for taking a run's process for alive; nil if it is not. A process that lives here and does not have this
    /// file open trains into another one, of which this is a copy.
    package func signOfLife(of owner: Owner, leaseUntil: Int64) -> SignOfLife? {
        let sign = environment.signOfLife(of: owner, leaseUntil: leaseUntil)
        guard case .process = sign, environment.asksForUsers, let users = connection.users else { return sign }
        return users.contains(owner.pid) ? sign : nil
    }
}
