#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is known of the terminal behind a file descriptor.
struct Terminal {
    /// Columns of a line.
    let width: Int
    /// Whether a person sees it at once.
    let isTerminal: Bool
    /// Whether it may be coloured: a terminal, and `NO_COLOR` and `TERM=dumb` do not ask otherwise.
    let hasColour: Bool

    /// Looks at `descriptor`. The width is the terminal's own, else `COLUMNS`, else `fallback`.
    init(descriptor: Int32, fallback: Int = 80) {
        isTerminal = isatty(descriptor) == 1
        hasColour = isTerminal && (Terminal.variable("NO_COLOR") ?? "").isEmpty && Terminal.variable("TERM") != "dumb"
        width = Terminal.size(of: descriptor) ?? Terminal.variable("COLUMNS").flatMap(Terminal.columns) ?? fallback
    }

    /// Whether text beyond ASCII is understood: what the locale says, by the first of its variables that is set.
    static var isUnicode: Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty } ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }

    /// The value of an environment variable.
    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func columns(_ text: String) -> Int? {
        Int(text).flatMap { (1...10_000).contains($0) ? $0 : nil }
    }

    private static func size(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
