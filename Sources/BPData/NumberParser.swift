/// A number in a file, and how well its Double holds it.
struct ParsedNumber {
    let value: Double
    /// Written as nothing but one to three digits without a leading zero, 0…255: what a `u8` column holds.
    let isPlainByte: Bool
    let precision: DecimalPrecision
    /// How it is written.
    let form: NumberForm
}

/// How a number is written, as far as that raises a doubt whether it is one.
enum NumberForm: UInt8 {
    /// Digits, with a minus or not, and no zero before another digit.
    case whole
    /// `007`.
    case leadingZeros
    /// `+49301234567`.
    case plus
    /// `1E2`: no point and no sign, as codes have it and programs rarely write it.
    case bareExponent
    /// `1.234`: one to three digits, of which the first is not 0, and three behind the point.
    case threeDecimals
    /// `1.10`: more than one digit behind the point, and a 0 at the end.
    case trailingZero
    /// Any other.
    case decimal
}

/// How a Double holds a decimal of a file.
enum DecimalPrecision {
    /// It is the decimal, or its shortest spelling is: up to 15 significant digits, and whole numbers that are Doubles.
    case held
    /// A decimal of 16 or 17 significant digits, or a denormal: other decimals may have the same Double.
    case long
    /// More than 17 significant digits, or a number so small that it becomes 0.
    case rounded
    /// A whole number that is no Double.
    case inexactWhole
}

/// Decimal numbers in bytes: `[sign] digits [. digits] [e [sign] digits]`, at least one digit before the
/// exponent, spaces and tabs around it. No hexadecimal, no `_`, no `inf` or `nan`, no locale.
///
/// The value is the Double nearest to the decimal, ties to even. Below the least denormal that is zero; beyond
/// the greatest finite Double it is infinite, which the caller refuses.
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
        let hasZeros = wholeDigits > 1 && field[whole] == UInt8(ascii: "0")
        var form = hasZeros ? NumberForm.leadingZeros : whole > start && !negative ? .plus : .whole
        if position < end, field[position] == UInt8(ascii: ".") {
            position += 1
            let fraction = position
            decimal.inFraction = true
            while position < end, decimal.take(field[position]) { position += 1 }
            digits += position - fraction
            let decimals = position - fraction
            form =
                decimals == 3 && (1...3).contains(wholeDigits) && field[whole] != UInt8(ascii: "0")
                ? .threeDecimals
                : decimals > 1 && field[position - 1] == UInt8(ascii: "0") ? .trailingZero : .decimal
        }
        guard digits > 0 else { return nil }
        let hasExponent = position < end
        if hasExponent {
            guard field[position] | 0x20 == UInt8(ascii: "e") else { return nil }
            guard decimal.takeExponent(field, from: position + 1, to: end) else { return nil }
            let isBare = digits == wholeDigits && position == whole + wholeDigits && isDigit(field[position + 1])
            form = isBare ? .bareExponent : .decimal
        } else if wholeDigits == end - start, wholeDigits <= 3, decimal.digits <= 255 {
            let plain = field[start] != UInt8(ascii: "0") || wholeDigits == 1
            return ParsedNumber(value: Double(decimal.digits), isPlainByte: plain, precision: .held, form: form)
        }
        guard let magnitude = decimal.exactly ?? slowly(field, from: whole, to: end) else { return nil }
        var precision = DecimalPrecision.held
        if decimal.digits >= Decimal.sixteenDigits || (magnitude < .leastNormalMagnitude && decimal.digits > 0) {
            precision = decimal.precision(
                of: magnitude, hasExponent: hasExponent, UnsafeBufferPointer(rebasing: field[whole..<end]))
        }
        return ParsedNumber(
            value: negative ? -magnitude : magnitude, isPlainByte: false, precision: precision, form: form)
    }

    /// Whether a decimal is the shortest that has this Double: the one that the Double is printed as.
    static func isShortest(_ field: UnsafeBufferPointer<UInt8>, of value: Double) -> Bool {
        func stripped(_ field: UnsafeBufferPointer<UInt8>) -> (digits: UInt64, exponent: Int)? {
            var decimal = Decimal()
            var position = 0
            while position < field.count, isBlank(field[position]) || "+-".utf8.contains(field[position]) {
                position += 1
            }
            while position < field.count {
                if field[position] == UInt8(ascii: ".") {
                    decimal.inFraction = true
                } else if !decimal.take(field[position]) {
                    break
                }
                position += 1
            }
            var end = field.count
            while end > position, isBlank(field[end - 1]) { end -= 1 }
            if position < end, !decimal.takeExponent(field, from: position + 1, to: end) { return nil }
            return decimal.stripped
        }
        guard let own = stripped(field) else { return false }
        var shortest = value.magnitude.description
        return shortest.withUTF8 { stripped($0).map { $0 == own } ?? false }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// By the standard library, whose conversion is exact and knows no locale.
    private static func slowly(_ field: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Double? {
        Double(String(decoding: field[start..<end], as: UTF8.self))
    }
}
