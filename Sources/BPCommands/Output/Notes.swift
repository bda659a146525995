import BPCore
import BPRegistry
import BPReport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Messages beside the results, on standard error. A reader who left is no reason to fail.
enum Notes {
    /// Something worth knowing: a default that was adapted, a column that was ignored.
    static func say(_ text: String) {
        write(wrapped("note: " + shown(text), indent: "      "))
    }

    /// Something that may be wrong.
    static func warn(_ text: String) {
        write(wrapped("warning: " + shown(text), indent: "         "))
    }

    /// Says that the registry is a copy whose log was left behind, if it is surely or probably one.
    static func say(ofLogIn registry: Registry) throws {
        guard let copy = try registry.runWithoutLog(), copy.isLikely else { return }
        warn(RegistryText.withoutLog(copy, of: registry.path))
    }

    /// Warns if `BPREG_ISA` asks for instructions that this machine lacks. Each command that computes calls it once.
    static func warnOfInstructionSet() {
        if let warning = InstructionSet.fromEnvironment().warning { warn(warning) }
    }

    /// The command to type next.
    static func next(_ command: String) {
        write("  next: " + SafeText.line(command, limit: 4_000) + "\n")
    }

    /// The lines of a failure.
    static func fail(_ failure: Failure) {
        let terminal = Terminal(descriptor: STDERR_FILENO)
        let lines = failure.lines.flatMap { line in
            // A command is pasted as it is.
            let line = line.hasPrefix("  next: ") || Terminal.isUnicode ? line : PlainText.ascii(line: line)
            return shownLines(line, on: terminal)
        }
        let text = lines.map { $0 + "\n" }.joined()
        write(terminal.hasColour ? "\u{1B}[1;31merror:\u{1B}[0m" + text.dropFirst("error:".count) : text)
    }

    private static func shownLines(_ line: String, on terminal: Terminal) -> [String] {
        // A command stays on one line, so that it can be copied, and an excerpt, so that its mark fits.
        terminal.isTerminal && (line.hasPrefix("error: ") || line.hasPrefix("  at: "))
            ? LineWrap.lines(line, width: terminal.width, indent: "        ") : [line]
    }

    /// Text on one line, as its reader can see it.
    private static func shown(_ text: String) -> String {
        let line = SafeText.line(text)
        return Terminal.isUnicode ? line : PlainText.ascii(line: line)
    }

    /// `text` with its line end, broken between words if standard error is a terminal.
    private static func wrapped(_ text: String, indent: String) -> String {
        let terminal = Terminal(descriptor: STDERR_FILENO)
        return (terminal.isTerminal ? LineWrap.lines(text, width: terminal.width, indent: indent) : [text])
            .map { $0 + "\n" }.joined()
    }

    /// Text as it is.
    @Sendable static func write(_ text: String) {
        try? Output.write(Array(text.utf8), to: STDERR_FILENO)
    }
}
