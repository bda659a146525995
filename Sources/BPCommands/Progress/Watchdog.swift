import BPReport
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Ends the process if its work is only reading and cannot be interrupted from within: SQLite asks whether its time is
/// over between the steps of a statement, not inside one function, and `instr` over millions of bytes takes hours.
///
/// It watches from its own thread. Time that the reader of the results takes does not count.
final class Watchdog {
    /// Since when it works; nil while a result is handed on.
    private final class Work: Sendable {
        let since = Mutex<ContinuousClock.Instant?>(.now)
    }

    private let work = Work()
    private let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "bpreg.watchdog"))

    /// - Parameters:
    ///   - seconds: of work without a result.
    ///   - failure: the message before the process ends with its exit code.
    init(after seconds: Double, _ failure: Failure) {
        timer.schedule(deadline: .now() + .milliseconds(250), repeating: .milliseconds(250))
        timer.setEventHandler { [work] in
            let isOver = work.since.withLock { begun in
                begun.map { ContinuousClock.now - $0 > .seconds(seconds) } ?? false
            }
            guard isOver else { return }
            Notes.fail(failure)
            _exit(failure.status.rawValue)
        }
        timer.resume()
    }

    /// Hands a result on.
    func rest<Result>(_ body: () throws -> Result) rethrows -> Result {
        work.since.withLock { $0 = nil }
        defer { work.since.withLock { $0 = .now } }
        return try body()
    }

    /// Watches no longer.
    func stop() { timer.cancel() }
}
