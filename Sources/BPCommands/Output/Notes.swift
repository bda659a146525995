import BPCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is said beside the results, on standard error. That nobody listens is no reason to fail.
enum Notes {
    /// Something worth knowing: a default that was adapted, a column that was ignored.
    static func say(_ text: String) {
        write(LineWrap.wrapped("note: " + SafeText.line(text), indent: "      "))
    }

    /// Something that may be wrong.
    static func warn(_ text: String) {
        write(LineWrap.wrapped("warning: " + SafeText.line(text), indent: "         "))
    }

    /// Says that `BPREG_ISA` asks for instructions that cannot be had. Each command that computes calls it once.
    static func warnOfInstructionSet() {
        if let warning = InstructionSet.fromEnvironment().warning { warn(warning) }
    }

    /// What to type next.
    static func next(_ command: String) {
        write("  next: " + SafeText.line(command) + "\n")
    }

    /// The lines of a failure.
    static func fail(_ failure: Failure) {
        let terminal = Terminal(descriptor: STDERR_FILENO)
        let lines = failure.lines.flatMap { line in
            // What is to be typed stays on one line, so that it can be copied; what was typed, so that its mark fits.
            terminal.isTerminal && (line.hasPrefix("error: ") || line.hasPrefix("  at: "))
                ? LineWrap.lines(line, width: terminal.width, indent: "        ") : [line]
        }
        let text = lines.map { $0 + "\n" }.joined()
        write(terminal.hasColour ? "\u{1B}[1;31merror:\u{1B}[0m" + text.dropFirst("error:".count) : text)
    }

    /// Text as it is.
    @Sendable static func write(_ text: String) {
        try? Output.write(Array(text.utf8), to: STDERR_FILENO)
    }
}
