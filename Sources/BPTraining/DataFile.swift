public import BPData

/// Where a run's data lie, and how they are read, where the registry keeps only their hash.
public struct DataFile: Sendable {
    /// The file; the recorded path if nil.
    public var path: String?
    /// What is said about how it is read.
    public var choices: TableChoices

    /// The file at `path`, or at the recorded one.
    public init(path: String? = nil, choices: TableChoices = .init()) {
        (self.path, self.choices) = (path, choices)
    }
}
