/// How many columns of a terminal a text takes: CJK and most emoji two, combining marks none.
package enum DisplayWidth {
    /// Columns that `text` takes; control characters are taken as removed before (`SafeText`).
    package static func of(_ text: String) -> Int {
        let bytes = text.utf8
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
        return text.reduce(0) { $0 + of($1) }
    }

    /// Columns that one character takes with everything that combines into it.
    package static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if isWide(first) { return 2 }
        if character.unicodeScalars.contains("\u{FE0F}") { return 2 }  // asked to be shown as an emoji
        return isCombining(first) ? 0 : 1
    }

    /// `text` if it fits, otherwise its beginning with an ellipsis, in at most `width` columns.
    package static func truncated(_ text: String, to width: Int, isUnicode: Bool = true) -> String {
        if of(text) <= width { return text }
        if width < 1 { return "" }
        let ellipsis = isUnicode ? "…" : String(repeating: ".", count: min(3, width))
        var result = ""
        var used = 0
        for character in text {
            let needed = of(character)
            if used + needed > width - ellipsis.utf16.count { break }
            result.append(character)
            used += needed
        }
        return result + ellipsis
    }

    /// `text` with blanks up to `width` columns, before it or behind it.
    static func padded(_ text: String, to width: Int, alignment: Alignment) -> String {
        let blanks = String(repeating: " ", count: max(0, width - of(text)))
        return alignment == .right ? blanks + text : text + blanks
    }

    private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        default: false
        }
    }

    /// The blocks that Unicode's East Asian Width calls wide or full-width.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x2614...0x2615, 0x2648...0x2653,
            0x26A1, 0x26BD...0x26BE, 0x26D4, 0x26EA, 0x2705, 0x270A...0x270B, 0x2728, 0x274C, 0x274E, 0x2753...0x2755,
            0x2757, 0x2795...0x2797, 0x2B1B...0x2B1C, 0x2B50, 0x2B55:
            true
        case 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97C,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6:
            true
        case 0x1F1E6...0x1F1FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

/// The side on which a cell touches its column.
enum Alignment: Sendable {
    case left
    case right
}
