/// The persistent store: one SQLite file that holds models, versions, runs, every iteration's loss, every epoch,
/// keyframes and datasets.
///
/// A registry may be used from several threads, one call at a time; each call is a transaction of its own, and
/// reading holds none for longer than a page of rows takes.
public final class Registry: Sendable {
    /// What a registry is opened for.
    public enum Purpose: Sendable {
        /// Never creates, never migrates, never writes.
        case reading
        /// Migrates what is older; does not create.
        case writing
        /// Creates what is not there.
        case creating
    }

    /// How hard a commit is: `full` survives a power cut, `normal` only a crash of the process, `off` neither
    /// for certain.
    public enum Durability: String, Sendable, CaseIterable {
        case full, normal, off
    }

    /// Something done at opening that is said aloud.
    public enum Notice: Sendable, Equatable {
        /// A registry was created.
        case created(path: String)
        /// The schema was migrated, after a copy was made.
        case migrated(from: Int, to: Int, backup: String?)
    }

    /// Where it lies.
    public let path: String
    /// What happened at opening.
    public let notices: [Notice]
    let environment: RegistryEnvironment

    init(path: String, notices: [Notice], environment: RegistryEnvironment) {
        (self.path, self.notices, self.environment) = (path, notices, environment)
    }

    /// Opens the registry at `path`.
    /// - Throws: `none` where there is none (and `purpose` is not `.creating`), `unusable`, `readOnly`, `foreign`,
    ///   `schemaNewer`, `schemaOlder` (reading), `schemaEdited`, `alive` (a migration is due while a run is alive),
    ///   `damaged`, `diskFull`, `inputOutput`, `busy`.
    public static func open(
        at path: String, for purpose: Purpose, durability: Durability = .full,
        environment: RegistryEnvironment = .system
    ) throws(RegistryError) -> Registry {
        fatalError()
    }

    /// Checkpoints and closes; what follows throws. A failed sync must not be followed by it.
    public func close() throws(RegistryError) { fatalError() }
}
