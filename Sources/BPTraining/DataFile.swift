public import BPData

/// The place of a run's data, and how they are read. A run whose data the registry keeps needs none. A file that is named
/// is opened all the same, and must have the content that the run was trained on.
public struct DataFile: Sendable, Hashable {
    /// The file; the recorded path if nil.
    public var path: String?
    /// What is said about how it is read.
    public var choices: TableChoices

    /// The file at `path`, or at the recorded one.
    public init(path: String? = nil, choices: TableChoices = .init()) {
        (self.path, self.choices) = (path, choices)
    }
}
