#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Sentences on a terminal, broken between words; elsewhere a sentence is one line.
enum LineWrap {
    /// `text` with its line end, as standard error shows it.
    static func wrapped(_ text: String, indent: String) -> String {
        let terminal = Terminal(descriptor: STDERR_FILENO)
        return (terminal.isTerminal ? lines(text, width: terminal.width, indent: indent) : [text])
            .map { $0 + "\n" }.joined()
    }

    /// Lines of at most `width` columns where words allow it; all but the first begin with `indent`.
    static func lines(_ text: String, width: Int, indent: String) -> [String] {
        // Blanks at the beginning are kept; those between words are where a line may break.
        let margin = String(text.prefix { $0 == " " })
        let words = text.split(separator: " ")
        var lines: [String] = []
        var line = margin + (words.first ?? "")
        for word in words.dropFirst() {
            if DisplayWidth.of(line) + 1 + DisplayWidth.of(String(word)) <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = indent + word
            }
        }
        return lines + [line]
    }
}
