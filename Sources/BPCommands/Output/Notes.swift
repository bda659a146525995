#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is said beside the results, on standard error. That nobody listens is no reason to fail.
enum Notes {
    /// Something worth knowing: a default that was adapted, a column that was ignored.
    static func say(_ text: String) {
        write("note: " + SafeText.line(text) + "\n")
    }

    /// Something that may be wrong.
    static func warn(_ text: String) {
        let colour = Terminal(descriptor: STDERR_FILENO).hasColour
        write((colour ? "\u{1B}[1;33mwarning:\u{1B}[0m " : "warning: ") + SafeText.line(text) + "\n")
    }

    /// What to type next.
    static func next(_ command: String) {
        write("  next: " + SafeText.line(command) + "\n")
    }

    /// The lines of a failure.
    static func fail(_ failure: Failure) {
        write(failure.lines(colour: Terminal(descriptor: STDERR_FILENO).hasColour))
    }

    /// Text as it is.
    @Sendable static func write(_ text: String) {
        try? Output.write(Array(text.utf8), to: STDERR_FILENO)
    }
}
