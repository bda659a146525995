#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Shows how a run gets on, on standard error: one line redrawn where a terminal is, otherwise a plain line now and then.
final class ProgressReporter {
    private let isTerminal: Bool
    private let now: () -> Double
    private let write: (String) -> Void
    private let width: () -> Int
    /// When the next line is due, and, for plain lines, the wait after it.
    private var due: Double
    private var pause: Double
    private var shownColumns = 0

    /// A reporter for standard error.
    convenience init() {
        self.init(
            isTerminal: Terminal(descriptor: STDERR_FILENO).isTerminal, now: ProgressReporter.monotonicSeconds,
            width: { Terminal(descriptor: STDERR_FILENO).width }, write: Notes.write)
    }

    /// A reporter with a clock, a width and a place to write that a test chooses.
    init(
        isTerminal: Bool, now: @escaping () -> Double, width: @escaping () -> Int, write: @escaping (String) -> Void
    ) {
        self.isTerminal = isTerminal
        self.now = now
        self.width = width
        self.write = write
        pause = 5
        due = now() + (isTerminal ? 0.2 : 5)
    }

    /// Whether a line is due; asking costs a look at the clock, so the snapshot need not be made before.
    var isDue: Bool { now() >= due }

    /// Shows `snapshot` if a line is due: at most ten times a second on a terminal, elsewhere at growing pauses.
    func update(_ snapshot: @autoclosure () -> ProgressSnapshot) {
        let time = now()
        guard time >= due else { return }
        if isTerminal {
            due = time + 0.1
            redraw(ProgressView.line(snapshot(), width: max(1, width() - 1)))
        } else {
            pause = min(60, pause * 2)
            due = time + pause
            write(ProgressView.plain(snapshot()) + "\n")
        }
    }

    /// Takes the line away, so that something else can be said.
    func clear() {
        guard shownColumns > 0 else { return }
        write("\r" + String(repeating: " ", count: shownColumns) + "\r")
        shownColumns = 0
    }

    /// Blanks over the rest of an older line, rather than an escape sequence: every terminal knows blanks.
    private func redraw(_ line: String) {
        let columns = DisplayWidth.of(line)
        write("\r" + line + String(repeating: " ", count: max(0, min(shownColumns, width() - 1) - columns)))
        shownColumns = columns
    }

    /// Seconds on a clock that nobody sets.
    static func monotonicSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
