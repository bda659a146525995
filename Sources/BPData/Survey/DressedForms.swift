/// Ways to write a number that are more than a mark before or behind it: `1/2`, `5×10^3`, `5 ± 0.2`, `1h30m`.
enum DressedForms {
    /// The number that the text is; nil if it is none in these ways.
    static func value(of bytes: [UInt8]) -> DressedValue? {
        let text = String(decoding: bytes, as: UTF8.self)
        return power(text) ?? fraction(text) ?? error(text) ?? marked(text) ?? compound(text)
    }

    /// `5×10^3`, `1.5 x 10**-4`, `2·10⁵`, and Fortran's `1.5D+03`.
    private static func power(_ text: String) -> DressedValue? {
        let letters: Set<Character> = ["D", "d"]
        if let place = text.firstIndex(where: letters.contains), place > text.startIndex {
            let (front, back) = (text[..<place], text[text.index(after: place)...])
            let isExponent = back.first == "+" || back.first == "-" || front.contains(".")
            if isExponent, isPlain(front), isWhole(back) {
                return DressedValue(dress: .power, plain: "\(front)e\(back)")
            }
        }
        guard let sign = text.firstIndex(where: { "×x*·⋅".contains($0) }) else { return nil }
        let front = trimmed(text[..<sign])
        var back = trimmed(text[text.index(after: sign)...])
        guard isPlain(front), back.hasPrefix("10") else { return nil }
        back = back.dropFirst(2)
        for mark in ["**", "^"] where back.hasPrefix(mark) {
            let exponent = trimmed(back.dropFirst(mark.count))
            return isWhole(exponent) ? DressedValue(dress: .power, plain: "\(front)e\(exponent)") : nil
        }
        let raised = String(back.compactMap { superscripts[$0] })
        guard raised.count == back.count, isWhole(raised[...]) else { return nil }
        return DressedValue(dress: .power, plain: "\(front)e\(raised)")
    }

    private static let superscripts: [Character: Character] = [
        "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
    ]

    /// `1/2`, `3 1/2`, `½`.
    private static func fraction(_ text: String) -> DressedValue? {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2, isDigits(sides[1]), let below = Double(sides[1]), below > 0 else { return nil }
        let parts = sides[0].split(separator: " ")
        guard (1...2).contains(parts.count), let last = parts.last, let above = Double(last) else { return nil }
        if parts.count == 1 {
            guard isDigits(last) || last.first == "-" && isDigits(last.dropFirst()) else { return nil }
            return DressedValue(dress: .fraction, plain: Column.spelling(of: above / below))
        }
        guard isDigits(last), isWhole(parts[0]), let whole = Double(parts[0]) else { return nil }
        let value = whole + (parts[0].hasPrefix("-") ? -above : above) / below
        return DressedValue(dress: .fraction, plain: Column.spelling(of: value))
    }

    /// The fractions that are one character.
    static let fractions: [Unicode.Scalar: String] = [
        "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8",
        "⅞": "7/8",
    ]

    /// `5 ± 0.2`.
    private static func error(_ text: String) -> DressedValue? {
        for sign in ["±", "+/-", "+-"] {
            guard let range = text.firstRange(of: sign) else { continue }
            let (front, back) = (trimmed(text[..<range.lowerBound]), trimmed(text[range.upperBound...]))
            guard isPlain(front), isPlain(back) else { return nil }
            return DressedValue(dress: .error, plain: String(front))
        }
        return nil
    }

    /// `#5`, `~5`, `'5`, `="5"`.
    private static func marked(_ text: String) -> DressedValue? {
        var rest = text[...]
        let front = ["=", "#", "№", "~", "≈", "'", "No.", "no.", "Nr.", "nr.", "ca."].first { rest.hasPrefix($0) }
        if let front { rest = trimmed(rest.dropFirst(front.count)) }
        let isQuoted = rest.count > 2 && rest.first == "\"" && rest.last == "\""
        if isQuoted { rest = rest.dropFirst().dropLast() }
        guard front != nil || isQuoted, front != "=" || isQuoted, isPlain(rest) else { return nil }
        return DressedValue(dress: .marked, plain: String(rest))
    }

    /// `1h30m`, `5'11"`, `12°30′`: two numbers or more, each with a unit that is known.
    private static func compound(_ text: String) -> DressedValue? {
        var rest = text[...]
        var parts = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard isPlain(number) else { return nil }
            rest = rest.dropFirst(number.count).drop { $0 == " " }
            let unit = rest.prefix { $0 != " " && !($0.isASCII && $0.isNumber) }
            guard units.contains(unit.lowercased()) else { return nil }
            rest = rest.dropFirst(unit.count).drop { $0 == " " }
            parts += 1
        }
        return parts > 1 ? DressedValue(dress: .compound) : nil
    }

    private static let units: Set<String> = [
        "h", "hr", "hrs", "hour", "hours", "m", "min", "mins", "s", "sec", "secs", "d", "day", "days", "w", "wk", "y",
        "yr",
        "ft", "in", "lb", "lbs", "oz", "st", "kg", "g", "cm", "km", "'", "\"", "''", "°", "′", "″", "’", "”",
    ]

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }

    private static func isPlain(_ text: Substring) -> Bool { DressedText.isPlain(Array(text.utf8)) }

    private static func isDigits(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isDigit) }

    /// Digits with a sign or not.
    private static func isWhole(_ text: Substring) -> Bool {
        isDigits(text.first == "-" || text.first == "+" ? text.dropFirst() : text)
    }
}
