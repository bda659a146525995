/// Digits in groups, or with a comma for a point.
struct Grouping {
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
