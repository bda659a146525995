public import BPStore

/// Everything that a deletion includes, determined before anything is deleted.
///
/// Everything that belongs to the subject is deleted with it. A run's series, keyframes, pins, tags and notes belong to
/// it, and a model's runs and versions belong to the model. Things that only *depend* on the subject are in
/// `dependents` and are deleted only on request.
public struct Deletion: Sendable, Equatable {
    /// The run, the model or the version to delete.
    public let subject: Subject
    /// The runs to delete, by number.
    public internal(set) var runs: [Run] = []
    /// The versions to delete, by model and number.
    public internal(set) var versions: [Subject] = []
    /// The models to delete.
    public internal(set) var models: [String] = []
    /// The aliases to delete, by model and name.
    public internal(set) var aliases: [AliasRecord] = []
    /// Things that do not belong to the subject and cannot exist without it. Unless they are deleted too, nothing is
    /// deleted.
    public internal(set) var dependents: [Dependent] = []
    /// The time from which it cannot be undone any more, in microseconds since 1970; nil before it is made, and if it
    /// cannot be undone.
    package internal(set) var undoableUntil: Int64?

    /// The number of days for which a deletion can be undone, unless `gc` or a purge ends that earlier.
    public static let daysToUndo = 30

    static let timeToUndo = Int64(daysToUndo) * 86_400_000_000

    /// A run.
    public struct Run: Sendable, Equatable {
        /// Its number.
        public let number: Int
        /// Its unique ID across registries.
        public let uuid: UUIDv7
        /// Its model.
        public let model: String
        /// The number of iterations of its line.
        public let iterations: Int
        /// The number of its pins.
        public let pins: Int
    }

    /// A thing that depends on something to delete.
    public enum Dependent: Sendable, Equatable {
        /// A run that was forked from a run to delete.
        case fork(run: Int, of: Int)
        /// A version that a run to delete computed.
        case version(Subject, ofRun: Int)
        /// A version that is the current one of its model.
        case current(Subject, ofModel: String)
        /// An alias that names a version to delete.
        case alias(AliasRecord)
    }
}

extension Deletion.Dependent: CustomStringConvertible {
    /// In a few words: `run 9, a fork of run 7`.
    public var description: String {
        switch self {
        case .fork(let run, let parent): "run \(run), a fork of run \(parent)"
        case .version(let version, let run): "\(version), made of run \(run)"
        case .current(let version, let model): "\(version), the current version of \(model)"
        case .alias(let alias): "\(alias.model)@\(alias.name), an alias of \(alias.model):\(alias.version)"
        }
    }
}
