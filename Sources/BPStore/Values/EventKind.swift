/// The kind of an event. A registry may hold kinds that another bpreg defined, so the set is open.
public struct EventKind: RawRepresentable, ExpressibleByStringLiteral, Sendable, Hashable {
    /// The kind as it is stored.
    public let rawValue: String

    /// A kind with this stored name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A kind with this stored name.
    public init(stringLiteral: String) { rawValue = stringLiteral }

    /// A run, a model or a version was created.
    public static let created = EventKind(rawValue: "created")
    /// A new attempt continued a run.
    public static let resumed = EventKind(rawValue: "resumed")
    /// An attempt ended.
    public static let ended = EventKind(rawValue: "ended")
    /// An attempt that recorded nothing gave the run back.
    public static let givenBack = EventKind(rawValue: "given-back")
    /// A run began and ended with weights from a file.
    public static let imported = EventKind(rawValue: "imported")
    /// A run's head, or a model's current version, moved back.
    public static let rolledBack = EventKind(rawValue: "rolled-back")
    /// A rollback was undone.
    public static let rollbackUndone = EventKind(rawValue: "rollback-undone")
    /// Another version became the current version of a model.
    public static let current = EventKind(rawValue: "current")
    /// A point of a run was pinned.
    public static let pinned = EventKind(rawValue: "pinned")
    /// A pin was removed.
    public static let unpinned = EventKind(rawValue: "unpinned")
    /// An alias was set, moved or removed.
    public static let alias = EventKind(rawValue: "alias")
    /// A tag was set or removed.
    public static let tag = EventKind(rawValue: "tag")
    /// A note was added, edited or removed.
    public static let note = EventKind(rawValue: "note")
    /// A run, a version or a model was deleted.
    public static let deleted = EventKind(rawValue: "deleted")
    /// A deletion was undone.
    public static let deletionUndone = EventKind(rawValue: "deletion-undone")
    /// A deletion can no longer be undone.
    public static let deletionEnded = EventKind(rawValue: "deletion-ended")
    /// Weights were moved to an archive.
    public static let archived = EventKind(rawValue: "archived")
    /// Archived weights were restored to the registry.
    public static let returned = EventKind(rawValue: "returned")
    /// A run, a version or a model was restored from an archive or another registry.
    public static let restored = EventKind(rawValue: "restored")
    /// A run that was here was continued by one from an archive or another registry.
    public static let extended = EventKind(rawValue: "extended")
    /// `gc` freed superseded parts of a run.
    public static let freed = EventKind(rawValue: "freed")
    /// A dataset was stored.
    public static let stored = EventKind(rawValue: "stored")
}
