/// A field in ASCII as far as that goes: other minus signs, spaces and digits are made plain and remembered.
struct DressedText {
    private(set) var bytes: [UInt8] = []
    private var hasMinus = false
    private var hasOtherDigits = false
    /// A sign of a currency, which is taken off.
    private var hasCurrency = false
    /// Spaces that are not those of ASCII, or have no width.
    private var hasOtherSpaces = false

    /// Nil if the field is empty.
    init?(_ field: some Collection<UInt8>) {
        for scalar in String(decoding: field, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\u{2212}", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{FE63}", "\u{FF0D}":
                hasMinus = true
                bytes.append(UInt8(ascii: "-"))
            case "\u{A0}", "\u{202F}", "\u{2009}", "\u{2007}", "\u{3000}":
                hasOtherSpaces = true
                bytes.append(UInt8(ascii: " "))
            case "\u{200B}", "\u{200E}", "\u{200F}", "\u{2060}", "\u{FEFF}": hasOtherSpaces = true
            case "\t": bytes.append(UInt8(ascii: " "))
            case "\u{2019}": bytes.append(UInt8(ascii: "'"))
            case "\u{066B}": bytes.append(UInt8(ascii: "."))
            case "\u{066C}": bytes.append(UInt8(ascii: ","))
            case _ where scalar.isASCII: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case _ where scalar.properties.generalCategory == .currencySymbol:
                hasCurrency = true
            case _ where scalar.properties.generalCategory == .decimalNumber:
                guard let value = scalar.properties.numericValue, let digit = UInt8(exactly: value) else { return nil }
                hasOtherDigits = true
                bytes.append(UInt8(ascii: "0") + digit)
            default: bytes.append(contentsOf: (DressedForms.fractions[scalar].map { " " + $0 } ?? String(scalar)).utf8)
            }
        }
        if let dollar = bytes.firstIndex(of: UInt8(ascii: "$")) {
            hasCurrency = true
            bytes.remove(at: dollar)
        }
        trim()
        if bytes.isEmpty { return nil }
    }

    /// Whether there is any digit.
    var hasDigit: Bool { bytes.contains(where: isDigit) }

    /// The number that it is in some dress; nil if it is none, or a plain one.
    var number: DressedValue? { simple ?? DressedForms.value(of: bytes) }

    /// Digits with marks before, between and behind them.
    private var simple: DressedValue? {
        var text = self
        var dress: Dress? = hasCurrency ? .currency : hasMinus ? .minus : hasOtherDigits ? .digits : nil
        if text.takeParentheses() { dress = dress ?? .parentheses }
        if let last = text.bytes.last, last == UInt8(ascii: "%") {
            text.bytes.removeLast()
            dress = .percent
        } else if text.bytes.count > 3, text.bytes.suffix(3).elementsEqual("‰".utf8) {
            text.bytes.removeLast(3)
            dress = .percent
        }
        if let sign = text.takeSign() { dress = dress ?? sign }
        if let code = text.takeCode(isMoney: hasCurrency) {
            let value = text.value(dress ?? code.dress, unit: code.unit)
            return code.factor.map { value?.times($0) } ?? value
        }
        text.trim()
        return text.value(dress ?? (hasOtherSpaces && DressedText.isPlain(text.bytes) ? .spaces : nil), unit: nil)
    }

    /// `5-` and `- 5` become `-5`; `5,-` and `5.-` are prices without cents.
    private mutating func takeSign() -> Dress? {
        let (minus, plus) = (UInt8(ascii: "-"), UInt8(ascii: "+"))
        if bytes.count > 2, bytes.last == minus, ",.".utf8.contains(bytes[bytes.count - 2]) {
            bytes.removeLast(2)
            return .currency
        }
        if let last = bytes.last, last == minus, let first = bytes.first, isDigit(first) {
            bytes.removeLast()
            trim()
            bytes.insert(minus, at: 0)
            return .sign
        }
        if bytes.count > 2, bytes[0] == minus || bytes[0] == plus, bytes[1] == UInt8(ascii: " ") {
            let sign = bytes.removeFirst()
            trim()
            if sign == minus { bytes.insert(minus, at: 0) }
            return .sign
        }
        return nil
    }

    private func value(_ dress: Dress?, unit: String?) -> DressedValue? {
        if DressedText.isPlain(bytes) {
            return dress.map { DressedValue(dress: $0, plain: String(decoding: bytes, as: UTF8.self), unit: unit) }
        }
        if isHexadecimal { return DressedValue(dress: dress ?? .hexadecimal, unit: unit) }
        guard let grouped = Grouping(bytes) else { return nil }
        return DressedValue(
            dress: dress ?? grouped.dress, plain: grouped.plain, unit: unit, isAmbiguous: grouped.isAmbiguous)
    }

    /// `(5)` becomes `-5`.
    private mutating func takeParentheses() -> Bool {
        guard bytes.first == UInt8(ascii: "("), bytes.last == UInt8(ascii: ")") else { return false }
        bytes = [UInt8(ascii: "-")] + bytes.dropFirst().dropLast()
        return true
    }

    /// The meaning of the letters before or behind a number.
    private struct Code {
        var dress: Dress
        var unit: String
        /// The power of ten that they stand for.
        var factor: Double?
    }

    /// The codes and short names of currencies.
    private static let currencies: Set<String> = [
        "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL",
        "MXN", "KRW", "RUB", "TRY", "ZAR", "NZD", "SGD", "HKD", "ILS", "KR", "RS", "FR", "KČ", "ZŁ", "FT", "DM",
    ]
    /// The letters before `$` in the names of dollars and pesos: `US$`, `A$`, `R$`.
    private static let dollars: Set<String> = ["US", "A", "AU", "C", "CA", "R", "NZ", "HK", "S", "SG", "MX", "NT"]
    /// Words for powers of ten; of the others a number must show that they are none.
    private static let factors: [String: Double] = [
        "bn": 1e9, "mn": 1e6, "mio": 1e6, "Mio": 1e6, "Mio.": 1e6, "mrd": 1e9, "Mrd": 1e9, "Mrd.": 1e9, "tsd": 1e3,
    ]

    /// Takes the letters off before or behind the number: a currency's code, a unit, or a power of ten.
    private mutating func takeCode(isMoney: Bool) -> Code? {
        let front = bytes.prefix { isLetter($0) || $0 >= 0x80 }
        if !front.isEmpty, front.count < 5 {
            let code = String(decoding: front, as: UTF8.self)
            if DressedText.currencies.contains(code.uppercased()) || isMoney && DressedText.dollars.contains(code) {
                bytes.removeFirst(front.count)
                if bytes.first == UInt8(ascii: ".") { bytes.removeFirst() }
                trim()
                return Code(dress: .currency, unit: code)
            }
        }
        let end = bytes.lastIndex(where: isDigit).map { $0 + 1 } ?? 0
        let isApart = end < bytes.count && bytes[end] == UInt8(ascii: " ")
        let tail = bytes[end...].drop { $0 == UInt8(ascii: " ") }
        // 1e5 is a number, and 0x1F is not a unit behind a zero.
        guard let first = tail.first, tail.count <= 5, !isHexadecimal, isLetter(first) || first >= 0x80,
            tail.allSatisfy({ isLetter($0) || $0 >= 0x80 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") })
        else { return nil }
        let unit = String(decoding: tail, as: UTF8.self)
        // A fraction is no unit: 3 ½.
        guard !unit.unicodeScalars.contains(where: { $0.properties.numericType != nil && $0 != "²" && $0 != "³" })
        else {
            return nil
        }
        let number = Array(bytes[..<end])
        bytes = number
        if DressedText.currencies.contains(unit.uppercased()) { return Code(dress: .currency, unit: unit) }
        if let factor = DressedText.factors[unit] { return Code(dress: .magnitude, unit: unit, factor: factor) }
        if !isApart, unit == "k" || unit == "K" { return Code(dress: .magnitude, unit: unit, factor: 1e3) }
        // 5M may be metres, and a man of 5 years.
        if !isApart, unit == "M", isMoney || number.contains(UInt8(ascii: ".")) {
            return Code(dress: .magnitude, unit: unit, factor: 1e6)
        }
        return Code(dress: DressedText.isOrdinal(number, unit) ? .ordinal : .unit, unit: unit)
    }

    /// `1st`, `2nd`, `3rd`, `11th`.
    private static func isOrdinal(_ number: [UInt8], _ ending: String) -> Bool {
        guard number.allSatisfy(isDigit), let last = number.last else { return false }
        let isTeen = number.count > 1 && number[number.count - 2] == UInt8(ascii: "1")
        let right =
            switch (isTeen, last) {
            case (false, UInt8(ascii: "1")): "st"
            case (false, UInt8(ascii: "2")): "nd"
            case (false, UInt8(ascii: "3")): "rd"
            default: "th"
            }
        return ending.lowercased() == right
    }

    private mutating func trim() {
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        bytes.removeFirst(bytes.prefix { $0 == UInt8(ascii: " ") }.count)
    }

    private var isHexadecimal: Bool {
        bytes.count > 2 && bytes[0] == UInt8(ascii: "0") && bytes[1] | 0x20 == UInt8(ascii: "x")
            && bytes[2...].allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20) }
    }

    static func isPlain(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer { NumberParser.parse($0) != nil } }
}

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
