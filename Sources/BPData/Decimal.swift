/// digits × 10^exponent, as far as 64 bits hold it.
struct Decimal {
    private(set) var digits: UInt64 = 0
    var inFraction = false
    private var exponent = 0
    private var isComplete = true
    /// A digit of the fraction that is not 0 did not fit.
    private var hasLostFraction = false

    /// The least number of 16 digits: Doubles hold all decimals of fewer.
    static let sixteenDigits: UInt64 = 1_000_000_000_000_000
    /// The least number of 18 digits, which is one more than a Double ever needs.
    private static let eighteenDigits: UInt64 = 100_000_000_000_000_000

    mutating func take(_ byte: UInt8) -> Bool {
        let digit = byte &- UInt8(ascii: "0")
        guard digit <= 9 else { return false }
        // 10¹⁸ · 10 + 9 < 2⁶⁴
        if digits < 1_000_000_000_000_000_000 {
            digits = digits &* 10 &+ UInt64(digit)
            if inFraction { exponent -= 1 }
        } else {
            isComplete = isComplete && digit == 0
            hasLostFraction = hasLostFraction || inFraction && digit != 0
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

    /// The same without zeros at the end of the digits.
    var stripped: (digits: UInt64, exponent: Int) {
        var (digits, exponent) = (digits, exponent)
        while digits != 0, digits % 10 == 0 { (digits, exponent) = (digits / 10, exponent + 1) }
        return (digits, exponent)
    }

    /// How `magnitude`, the nearest Double, holds it.
    /// - Parameter text: the number without its sign.
    func precision(
        of magnitude: Double, hasExponent: Bool, _ text: UnsafeBufferPointer<UInt8>
    ) -> DecimalPrecision {
        if magnitude.isInfinite { return .held }
        if magnitude == 0 { return .rounded }
        let (digits, exponent) = stripped
        if !hasExponent, exponent >= 0, !hasLostFraction {
            return Decimal.isDouble(text.prefix { $0 != UInt8(ascii: ".") }) ? .held : .inexactWhole
        }
        if !isComplete || digits >= Decimal.eighteenDigits { return .rounded }
        return digits >= Decimal.sixteenDigits || magnitude < .leastNormalMagnitude ? .long : .held
    }

    /// Whether a whole number, less than 2¹⁰²⁴, has at most 53 bits from its first to its last 1.
    private static func isDouble(_ digits: some Sequence<UInt8>) -> Bool {
        var limbs: [UInt32] = []
        for digit in digits {
            var carry = UInt64(digit - UInt8(ascii: "0"))
            for index in limbs.indices {
                let sum = UInt64(limbs[index]) * 10 + carry
                limbs[index] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
        guard let first = limbs.firstIndex(where: { $0 != 0 }), let last = limbs.last else { return true }
        let bits = 32 * limbs.count - last.leadingZeroBitCount - 32 * first - limbs[first].trailingZeroBitCount
        return bits <= 53
    }

    private static func power(_ exponent: Int) -> Double { powers[exponent] }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
