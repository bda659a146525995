/// The purpose of opening a registry.
public enum Purpose: Sendable {
    /// Never creates, never migrates, never writes.
    case reading
    /// Migrates an older registry; does not create one.
    case writing
    /// Creates the registry if there is none.
    case creating
}

/// The durability of a commit. `full` survives a power cut. With `normal` a power cut may lose the last commits; with
/// `off` it may corrupt the file. A killed process loses nothing with any of them.
public enum Durability: String, Sendable, CaseIterable {
    case full, normal, off
}

/// An effect of opening a registry that a person should know about.
public enum OpeningNotice: Sendable, Equatable {
    /// A registry was created.
    case created(path: String)
    /// The schema was migrated after a copy was made.
    case migrated(from: Int, to: Int, backup: String?)
}
