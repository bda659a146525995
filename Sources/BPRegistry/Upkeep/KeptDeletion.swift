import BPJSON
public import BPStore

/// A deletion that can be undone.
public struct KeptDeletion: Sendable, Equatable {
    /// Everything that was deleted.
    public let deletion: Deletion
    /// The time of the deletion, in microseconds since 1970.
    package let deleted: Int64
    /// The time from which it cannot be undone any more, in microseconds since 1970.
    package let until: Int64
    /// The number of the first event that it recorded.
    package let event: Int

    init(_ row: DeletionRow, in store: Store) throws {
        deletion = try Deletion(row, in: store)
        (deleted, until, event) = (row.created, row.until, row.id)
    }

    /// The run, the model or the version whose deletion it was.
    public var subject: Subject { deletion.subject }
}

extension SnapshotReading {
    /// The deletions that can be undone, the newest first.
    public func deletions() throws(RegistryError) -> [KeptDeletion] {
        try reading { store in
            let now = store.environment.now()
            return try store.deletions.all().reversed().filter { $0.until > now }
                .map { try KeptDeletion($0, in: store) }
        }
    }
}

extension Deletion {
    /// Whether the subject was deleted with it.
    func includes(_ subject: Subject) -> Bool {
        switch subject {
        case .run(let number): runs.contains { $0.number == number }
        case .version: versions.contains(subject)
        case .model(let name): models.contains(name)
        case .dataset, .all: false
        }
    }
}

extension DeletionRow {
    /// Drops what is kept of the deletion, so that it can no longer be undone, and records that.
    func end(at now: Int64, in store: Store) throws {
        try store.deletions.drop(self)
        try store.events.add(.deletionEnded, of: subject, at: now, ["event": JSONValue(id)])
    }
}
