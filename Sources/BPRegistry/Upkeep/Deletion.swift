public import BPStore

/// What a deletion takes along, worked out before anything is deleted.
///
/// What belongs to the subject goes with it: to a run its series, keyframes, pins, tags and notes, to a model its runs
/// and versions. What only *depends* on it is in `dependents`, and goes if that is asked for.
public struct Deletion: Sendable, Equatable {
    /// What it was asked for.
    public let subject: Subject
    /// The runs that go, by number.
    public internal(set) var runs: [Run] = []
    /// The versions that go, by model and number.
    public internal(set) var versions: [Version] = []
    /// The models that go.
    public internal(set) var models: [String] = []
    /// The aliases that go, by model and name.
    public internal(set) var aliases: [Alias] = []
    /// What does not belong to the subject and cannot be without it. Nothing is deleted while there is anything here,
    /// unless it is to go too.
    public internal(set) var dependents: [Dependent] = []

    /// A run.
    public struct Run: Sendable, Equatable {
        /// Its number.
        public let number: Int
        /// Its name for the world.
        public let uuid: UUIDv7
        /// Its model.
        public let model: String
        /// How many iterations its line has.
        public let iterations: Int
        /// How many pins it has.
        public let pins: Int
    }

    /// A version of a model.
    public struct Version: Sendable, Hashable {
        /// The model.
        public let model: String
        /// Its number.
        public let number: Int
    }

    /// A name for a version.
    public struct Alias: Sendable, Equatable {
        /// The model.
        public let model: String
        /// The alias.
        public let name: String
        /// The version it names.
        public let version: Int
    }

    /// Something that cannot be without what is to be deleted.
    public enum Dependent: Sendable, Equatable {
        /// A run that was forked from one that goes.
        case fork(run: Int, of: Int)
        /// A version whose weights a run computed that goes.
        case version(Version, ofRun: Int)
        /// A version that is the current one of its model.
        case current(Version)
        /// An alias of a version that goes.
        case alias(Alias)
    }
}

extension Deletion.Version: CustomStringConvertible {
    /// `iris:3`
    public var description: String { "\(model):\(number)" }
}

extension Deletion.Dependent: CustomStringConvertible {
    /// In a few words: `run 9, a fork of run 7`.
    public var description: String {
        switch self {
        case .fork(let run, let parent): "run \(run), a fork of run \(parent)"
        case .version(let version, let run): "\(version), made of run \(run)"
        case .current(let version): "\(version), the current version of \(version.model)"
        case .alias(let alias): "\(alias.model)@\(alias.name), an alias of \(alias.model):\(alias.version)"
        }
    }
}
