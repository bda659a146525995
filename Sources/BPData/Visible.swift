/// Text of unknown origin, made fit for one line of a terminal.
enum Visible {
    /// At most `limit` characters, `…` for the rest; control, format and line-separating characters spelled
    /// out, so that a value can neither hide nor move the cursor.
    static func text(_ text: some StringProtocol, limit: Int = 60) -> String {
        var shown = ""
        for (position, scalar) in text.unicodeScalars.enumerated() {
            if position == limit { return shown + "…" }
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            case "\0": shown += "\\0"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
                    shown += "\\u{" + String(scalar.value, radix: 16) + "}"
                default: shown.unicodeScalars.append(scalar)
                }
            }
        }
        return shown
    }

    /// The same for bytes; what is not UTF-8 shows as U+FFFD.
    static func bytes(_ bytes: some Collection<UInt8>, limit: Int = 60) -> String {
        text(String(decoding: bytes.prefix(4 * limit + 4), as: UTF8.self), limit: limit)
    }

    /// The text in double quotes.
    static func quoted(_ text: some StringProtocol) -> String { "\"\(Visible.text(text))\"" }

    /// Names in a row, the middle left out when there are more than `limit`.
    static func list(_ names: [String], limit: Int = 20) -> String {
        guard names.count > limit else { return names.map { text($0) }.joined(separator: ", ") }
        let shown = names.prefix(limit - 1).map { text($0) }.joined(separator: ", ")
        return "\(shown), … \(text(names[names.count - 1])) (\(grouped(names.count)) in all)"
    }

    /// 1234567 as `1,234,567`.
    static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.utf8.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        groups.insert(digits, at: 0)
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// A shape: `60,000 × 28 × 28`; `()` of a single value.
    static func shape(_ sizes: [Int]) -> String {
        sizes.isEmpty ? "()" : sizes.map(grouped).joined(separator: " × ")
    }

    /// `1 row`, `2 rows`.
    static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }
}
