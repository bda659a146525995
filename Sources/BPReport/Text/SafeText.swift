/// Makes text from outside (file names, column names, values of cells) safe to print.
///
/// A terminal obeys control characters, and bidirectional controls reorder a line. All text for people goes through here. JSON has its own escapes.
package enum SafeText {
    /// `text` with control characters, line separators and bidirectional controls spelt out, as in `\u{1B}`.
    static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = ""
        result.unicodeScalars.reserveCapacity(text.unicodeScalars.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isDangerous(scalar):
                result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// As `escaped`, on one line of at most `limit` columns: an error message survives a cell of megabytes.
    package static func line(_ text: String, limit: Int = 400) -> String {
        // Four bytes a character at most, and an escape only lengthens: no need to look at more than this.
        let head = text.utf8.count > 8 * limit ? String(text.prefix(limit + 1)) : text
        return DisplayWidth.truncated(escaped(head), to: limit)
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true  // C0, DEL, C1
        case 0x2028, 0x2029: true  // line and paragraph separators
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // bidirectional controls
        case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true  // interlinear annotations, tags
        default: false
        }
    }
}
