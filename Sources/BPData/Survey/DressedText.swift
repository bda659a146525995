/// A field in ASCII as far as that goes: other minus signs, spaces and digits are made plain and remembered.
struct DressedText {
    private(set) var bytes: [UInt8] = []
    private var hasMinus = false
    private var hasOtherDigits = false
    /// A sign of a currency, which is taken off.
    private var hasCurrency = false

    /// Nil if the field is empty.
    init?(_ field: some Collection<UInt8>) {
        for scalar in String(decoding: field, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\u{2212}", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{FE63}", "\u{FF0D}":
                hasMinus = true
                bytes.append(UInt8(ascii: "-"))
            case "\u{A0}", "\u{202F}", "\u{2009}", "\u{2007}", "\t": bytes.append(UInt8(ascii: " "))
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
            default: bytes.append(contentsOf: String(scalar).utf8)
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
    var number: DressedValue? {
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
        if let code = text.takeCode() { return text.value(dress ?? code.dress, unit: code.unit) }
        text.trim()
        return text.value(dress, unit: nil)
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

    /// Takes the letters off before or behind the number: a currency's code, or a unit.
    private mutating func takeCode() -> (dress: Dress, unit: String)? {
        let codes: Set<String> = ["USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "SEK", "NOK", "DKK"]
        let front = bytes.prefix { isLetter($0) }
        if front.count == 3, codes.contains(String(decoding: front, as: UTF8.self)) {
            let code = String(decoding: front, as: UTF8.self)
            bytes.removeFirst(3)
            trim()
            return (.currency, code)
        }
        let end = bytes.lastIndex(where: isDigit).map { $0 + 1 } ?? 0
        let tail = bytes[end...].drop { $0 == UInt8(ascii: " ") }
        // 1e5 is a number, and 0x1F is not a unit behind a zero.
        guard let first = tail.first, tail.count <= 5, !isHexadecimal, isLetter(first) || first >= 0x80,
            tail.allSatisfy({ isLetter($0) || $0 >= 0x80 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") })
        else { return nil }
        let unit = String(decoding: tail, as: UTF8.self)
        bytes.removeSubrange(end...)
        trim()
        return (codes.contains(unit.uppercased()) ? .currency : .unit, unit)
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

/// Digits in groups, or with a comma for a point.
private struct Grouping {
    let dress: Dress
    let plain: String
    let isAmbiguous: Bool

    init?(_ bytes: [UInt8]) {
        let sign = bytes.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") ? 1 : 0 } ?? 0
        let body = bytes[sign...]
        guard body.first.map({ isDigit($0) || $0 == UInt8(ascii: ",") }) == true else { return nil }
        let marks = body.filter { !isDigit($0) }
        guard !marks.isEmpty, marks.count < body.count else { return nil }
        // The last mark is the decimal one if it differs from those before, or stands alone and is a comma.
        for (group, decimal) in Grouping.styles {
            guard let parts = Grouping.parts(body, group: group, decimal: decimal) else { continue }
            let isGrouped = parts.groups.count > 1
            guard isGrouped || decimal == UInt8(ascii: ",") else { continue }
            let digits = parts.groups.joined()
            plain =
                (sign == 1 && bytes[0] == UInt8(ascii: "-") ? "-" : "") + (digits.isEmpty ? "0" : digits)
                + (parts.fraction.map { "." + $0 } ?? "")
            dress = decimal == UInt8(ascii: ",") && parts.fraction != nil ? .decimalComma : .thousands
            isAmbiguous =
                group == UInt8(ascii: ",") && parts.groups.count == 2 && parts.fraction == nil
                && parts.groups[0] != "0"
            return
        }
        return nil
    }

    /// Separators of thousands, each with the mark before the fraction.
    private static let styles: [(group: UInt8, decimal: UInt8)] = [
        (UInt8(ascii: ","), UInt8(ascii: ".")), (UInt8(ascii: "'"), UInt8(ascii: ".")),
        (UInt8(ascii: " "), UInt8(ascii: ".")), (UInt8(ascii: "_"), UInt8(ascii: ".")),
        (UInt8(ascii: "."), UInt8(ascii: ",")), (UInt8(ascii: " "), UInt8(ascii: ",")),
        (UInt8(ascii: "'"), UInt8(ascii: ",")),
    ]

    private static func parts(
        _ body: ArraySlice<UInt8>, group: UInt8, decimal: UInt8
    ) -> (groups: [String], fraction: String?)? {
        let halves = body.split(separator: decimal, maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = halves.count > 1 ? halves[1] : nil
        if let fraction, fraction.isEmpty || !fraction.allSatisfy(isDigit) { return nil }
        let groups = halves[0].split(separator: group, omittingEmptySubsequences: false)
        guard groups.allSatisfy({ $0.allSatisfy(isDigit) }), let first = groups.first else { return nil }
        if groups.count == 1 {
            return fraction == nil ? nil : ([String(decoding: first, as: UTF8.self)], text(fraction))
        }
        // 1,234,567 and India's 12,34,567; a leading zero groups nothing.
        guard (1...3).contains(first.count), first.first != UInt8(ascii: "0"), groups.last?.count == 3,
            groups.dropFirst().dropLast().allSatisfy({ $0.count == 3 })
                || group == UInt8(ascii: ",") && groups.dropFirst().dropLast().allSatisfy({ $0.count == 2 })
        else { return nil }
        return (groups.map { String(decoding: $0, as: UTF8.self) }, text(fraction))
    }

    private static func text(_ bytes: ArraySlice<UInt8>?) -> String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
