/// Text for a reader whose locale has ASCII alone: the symbols that bpreg itself writes are spelt out.
///
/// Names and values of people pass through the same texts, so a symbol is recognised only as a word of its own: `64 → 32`,
/// `(R² 0.93)`. `größe`, `µm`, `5–10` and `a→b` stay as they are.
package enum PlainText {
    /// `text` with the symbols that are words spelt out.
    package static func ascii(_ text: String) -> String {
        if isASCII(text) { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map(word).joined(separator: " ")
    }

    /// As `ascii`, of a line that may have been cut: an ellipsis at the end of a word, or at its beginning, is bpreg's.
    package static func ascii(line text: String) -> String {
        if isASCII(text) { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { part in
            let plain = word(part)
            let (cut, punctuation) = divided(plain[...])
            if cut.hasSuffix("…") { return "\(cut.dropLast())...\(punctuation)" }
            return cut.hasPrefix("…") ? "...\(plain.dropFirst())" : plain
        }.joined(separator: " ")
    }

    /// Text that has no word of anybody else, such as a page of help: each symbol is spelt out wherever it is.
    package static func ascii(ownText text: String) -> String {
        if isASCII(text) { return text }
        return text.reduce(into: "") { $0 += letters[$1] ?? String($1) }
    }

    private static let words: [Substring: String] = [
        "→": "->", "–": "-", "−": "-", "·": "-", "…": "...", "±": "+/-", "≠": "!=", "×": "x", "R²": "R^2", "●": "*",
        "‖Δ‖": "|delta|", "‖Δ‖₂": "|delta|_2", "‖Δ‖/‖A‖": "|delta|/|A|", "|Δ|": "|delta|",
    ]

    private static let letters: [Character: String] = [
        "→": "->", "–": "-", "−": "-", "·": "-", "…": "...", "±": "+/-", "≠": "!=", "×": "x", "²": "^2", "₁": "1",
        "₂": "2", "≤": "<=", "≥": ">=", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "delta",
        "ε": "epsilon", "λ": "lambda", "μ": "mu", "Σ": "sum", "√": "sqrt", "∞": "infinity", "‖": "|", "½": "1/2",
        "“": "\"", "”": "\"", "‘": "'", "’": "'", "—": "-",
    ]

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    private static func word(_ part: Substring) -> String {
        if part.utf8.allSatisfy({ $0 < 0x80 }) { return String(part) }
        let front = part.prefix { "([\"'".contains($0) }
        let (core, back) = divided(part.dropFirst(front.count))
        let plain = words[core] ?? range(core) ?? String(core.replacing("(…)", with: "(...)"))
        return "\(front)\(plain)\(back)"
    }

    /// A word, and the punctuation after it.
    private static func divided(_ part: Substring) -> (word: Substring, punctuation: Substring) {
        let end = part.lastIndex { !",.;:)]\"'".contains($0) }.map { part.index(after: $0) } ?? part.startIndex
        return (part[..<end], part[end...])
    }

    /// `32x2` of `32×2`, and `0...255` of `0…255`.
    private static func range(_ word: Substring) -> String? {
        for (sign, plain) in [("×", "x"), ("…", "...")] as [(Character, String)] {
            let parts = word.split(separator: sign, omittingEmptySubsequences: false)
            guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } })
            else { continue }
            return parts.joined(separator: plain)
        }
        return nil
    }
}
