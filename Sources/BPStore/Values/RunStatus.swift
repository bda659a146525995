/// The state of a run: four ways to have ended, and two without an end (docs/design.md, The record).
public enum RunStatus: String, Sendable, CaseIterable {
    /// Its process is alive.
    case running
    /// Its process is gone and recorded no end: it can be resumed.
    case interrupted
    /// It reached its end.
    case finished
    /// It was stopped on request.
    case stopped
    /// A loss or gradient was not finite.
    case diverged
    /// An error ended it.
    case failed
}
