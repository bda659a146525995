/// What a registry is opened for.
public enum Purpose: Sendable {
    /// Never creates, never migrates, never writes.
    case reading
    /// Migrates an older registry; does not create one.
    case writing
    /// Creates the registry if there is none.
    case creating
}

/// How hard a commit is: `full` survives a power cut; with `normal` a power cut may lose the last commits, with `off` it
/// may corrupt the file. A killed process loses nothing with any of them.
public enum Durability: String, Sendable, CaseIterable {
    case full, normal, off
}

/// Something that opening a registry did and that a person should know.
public enum OpeningNotice: Sendable, Equatable {
    /// A registry was created.
    case created(path: String)
    /// The schema was migrated, after a copy was made.
    case migrated(from: Int, to: Int, backup: String?)
}
