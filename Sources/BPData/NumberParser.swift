/// Decimal numbers in bytes: `[sign] digits [. digits] [e [sign] digits]`, at least one digit before the
/// exponent, spaces and tabs around it. No hexadecimal, no `_`, no `inf` or `nan`, no locale.
///
/// The value is the Double nearest to the decimal, ties to even. Below the least denormal that is zero; beyond
/// the greatest finite Double it is infinite, which the caller refuses.
struct ParsedNumber {
    let value: Double
    /// Written as nothing but one to three digits without a leading zero, 0…255: what a `u8` column holds.
    let isPlainByte: Bool
}

enum NumberParser {
    /// The number, or nil if the bytes are none.
    static func parse(_ field: UnsafeBufferPointer<UInt8>) -> ParsedNumber? {
        var start = 0
        var end = field.count
        while start < end, isBlank(field[start]) { start += 1 }
        while start < end, isBlank(field[end - 1]) { end -= 1 }
        guard start < end else { return nil }

        var position = start
        let negative = field[start] == UInt8(ascii: "-")
        if negative || field[start] == UInt8(ascii: "+") { position += 1 }

        // Up to 19 significant digits fit in 64 bits; those beyond are counted, and the slow way reads them.
        var decimal = Decimal()
        let whole = position
        while position < end, decimal.take(field[position]) { position += 1 }
        let wholeDigits = position - whole
        var digits = wholeDigits
        if position < end, field[position] == UInt8(ascii: ".") {
            position += 1
            let fraction = position
            decimal.inFraction = true
            while position < end, decimal.take(field[position]) { position += 1 }
            digits += position - fraction
        }
        guard digits > 0 else { return nil }
        if position < end {
            guard field[position] | 0x20 == UInt8(ascii: "e") else { return nil }
            guard decimal.takeExponent(field, from: position + 1, to: end) else { return nil }
        } else if wholeDigits == end - start, wholeDigits <= 3, decimal.digits <= 255 {
            let plain = field[start] != UInt8(ascii: "0") || wholeDigits == 1
            return ParsedNumber(value: Double(decimal.digits), isPlainByte: plain)
        }
        guard let magnitude = decimal.exactly ?? slowly(field, from: whole, to: end) else { return nil }
        return ParsedNumber(value: negative ? -magnitude : magnitude, isPlainByte: false)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// By the standard library, whose conversion is exact and knows no locale.
    private static func slowly(_ field: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Double? {
        Double(String(decoding: field[start..<end], as: UTF8.self))
    }
}

/// digits × 10^exponent, as far as 64 bits hold it.
private struct Decimal {
    private(set) var digits: UInt64 = 0
    var inFraction = false
    private var exponent = 0
    private var isComplete = true

    mutating func take(_ byte: UInt8) -> Bool {
        let digit = byte &- UInt8(ascii: "0")
        guard digit <= 9 else { return false }
        // 10¹⁸ · 10 + 9 < 2⁶⁴
        if digits < 1_000_000_000_000_000_000 {
            digits = digits &* 10 &+ UInt64(digit)
            if inFraction { exponent -= 1 }
        } else {
            isComplete = isComplete && digit == 0
            if !inFraction { exponent += 1 }
        }
        return true
    }

    mutating func takeExponent(_ field: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Bool {
        var position = start
        guard position < end else { return false }
        let negative = field[position] == UInt8(ascii: "-")
        if negative || field[position] == UInt8(ascii: "+") { position += 1 }
        guard position < end else { return false }
        var value = 0
        while position < end {
            let digit = field[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { return false }
            // Far beyond any Double, and far from overflow.
            if value < 1_000_000 { value = value * 10 + Int(digit) }
            position += 1
        }
        exponent += negative ? -value : value
        return true
    }

    /// Both factors are exact Doubles, so that the one operation rounds once (Clinger 1990); nil beyond that.
    var exactly: Double? {
        guard isComplete else { return nil }
        if digits == 0 { return 0 }
        guard digits <= 1 << 53 else { return nil }
        switch exponent {
        case 0: return Double(digits)
        case 1...22: return Double(digits) * Decimal.power(exponent)
        case -22 ... -1: return Double(digits) / Decimal.power(-exponent)
        default: return nil
        }
    }

    private static func power(_ exponent: Int) -> Double { powers[exponent] }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
