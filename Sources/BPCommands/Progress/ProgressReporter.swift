import BPReport
import BPTraining
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Shows how a run gets on, on standard error: one line redrawn where a terminal is, elsewhere a plain line now and then.
///
/// The recorder's thread tells of progress while another trains, hence the lock.
final class ProgressReporter: Sendable {
    private struct State {
        /// When the next line is due, and, for plain lines, the wait after it.
        var due: Double
        var pause: Double
        /// Columns of the line that stands on the terminal.
        var shown = 0
    }

    private let isTerminal: Bool
    private let now: @Sendable () -> Double
    private let width: @Sendable () -> Int
    private let write: @Sendable (String) -> Void
    private let state: Mutex<State>

    /// A reporter for standard error.
    convenience init() {
        self.init(
            isTerminal: Terminal(descriptor: STDERR_FILENO).isTerminal, now: Clock.seconds,
            width: { Terminal(descriptor: STDERR_FILENO).width }, write: Notes.write)
    }

    /// A reporter with a clock, a width and a place to write that a test chooses.
    init(
        isTerminal: Bool, now: @escaping @Sendable () -> Double, width: @escaping @Sendable () -> Int,
        write: @escaping @Sendable (String) -> Void
    ) {
        (self.isTerminal, self.now, self.width, self.write) = (isTerminal, now, width, write)
        state = Mutex(State(due: now() + (isTerminal ? 0.2 : 5), pause: 5))
    }

    /// Shows how a training gets on.
    func update(_ progress: TrainingProgress) {
        update { $0.map { ProgressView.line(progress, width: $0) } ?? ProgressView.plain(progress) }
    }

    /// Shows how much of some work is done.
    func update(_ work: String, _ done: Int, of all: Int) {
        update { ProgressView.line(work, done, of: all, width: $0 ?? .max) }
    }

    /// Shows a line if one is due: at most ten times a second on a terminal, elsewhere at growing pauses.
    private func update(_ line: (_ width: Int?) -> String) {
        state.withLock { state in
            let time = now()
            guard time >= state.due else { return }
            if isTerminal {
                state.due = time + 0.1
                redraw(line(max(1, width() - 3)), &state)
            } else {
                state.pause = min(60, state.pause * 2)
                state.due = time + state.pause
                write(line(nil) + "\n")
            }
        }
    }

    /// Takes the line away, so that something else can be said.
    func clear() {
        state.withLock { state in
            guard state.shown > 0 else { return }
            // The whole width: the terminal may have echoed a ^C behind the line.
            write("\r" + String(repeating: " ", count: max(state.shown, width() - 1)) + "\r")
            state.shown = 0
        }
    }

    /// Blanks over the rest of an older line, rather than an escape sequence: every terminal knows blanks.
    private func redraw(_ line: String, _ state: inout State) {
        let columns = DisplayWidth.of(line)
        let rest = max(0, min(state.shown, width() - 1) - columns)
        write("\r" + line + String(repeating: " ", count: rest))
        state.shown = columns
    }
}

/// Time that nobody sets.
enum Clock {
    /// Seconds since some moment.
    @Sendable static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
