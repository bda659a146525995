/// Sentences broken between words, for a line of limited width.
package enum LineWrap {
    /// Lines of at most `width` columns if words allow it. All but the first begin with `indent`.
    package static func lines(_ text: String, width: Int, indent: String) -> [String] {
        // Blanks at the beginning are kept. A line may break at those between words.
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
