/// A text column whose values look like numbers in another dress: how many, and an example.
package struct DressedValues: Sendable, Hashable {
    /// The dress.
    package let dress: Dress
    /// The first such value, as it is in the data.
    package let example: String
    /// That value as bpreg reads a number; nil if there is no single one, as of a date.
    package let plain: String?
    /// How many values look like this.
    package let count: Int
    /// How many were looked at.
    package let total: Int

    /// The most values that are looked at.
    static let most = 100_000
    /// How many rows, spread over the column, decide whether it is worth a closer look.
    private static let sample = 64

    /// Nil unless most of the texts look so. Costs nothing for a column of words.
    init?(_ texts: TextValues) {
        let count = texts.count
        let probe = (0..<min(count, DressedValues.sample)).map { $0 * count / min(count, DressedValues.sample) }
        guard probe.count(where: { DressedValue(texts.bytes(at: $0)) != nil }) * 2 >= probe.count else { return nil }

        let total = min(count, DressedValues.most)
        var found: [Dress: (count: Int, first: Int)] = [:]
        var ambiguous = 0
        for row in 0..<total {
            guard let value = DressedValue(texts.bytes(at: row)) else { continue }
            if value.isAmbiguous { ambiguous += 1 }
            found[value.dress, default: (0, row)].count += 1
        }
        // 1,234 beside 0,5 has a decimal comma too.
        if ambiguous > 0, let commas = found[.decimalComma], let thousands = found[.thousands] {
            let left = thousands.count - ambiguous
            found[.decimalComma]?.count = commas.count + ambiguous
            found[.thousands] = left > 0 ? (left, thousands.first) : nil
        }
        guard let best = found.max(by: { ($0.value.count, $1.value.first) < ($1.value.count, $0.value.first) }) else {
            return nil
        }
        let all = found.values.reduce(0) { $0 + $1.count }
        guard all * 2 >= total, let value = DressedValue(texts.bytes(at: best.value.first)) else { return nil }
        if best.key == .unit || best.key == .magnitude, !DressedValues.shareUnit(texts, total) { return nil }
        (dress, example, plain) = (best.key, texts[best.value.first], value.plain)
        (self.count, self.total) = (all, total)
    }

    /// `12a`, `13b` are names; `12 kg`, `13 kg` are numbers.
    private static func shareUnit(_ texts: TextValues, _ total: Int) -> Bool {
        var units: [String: Int] = [:]
        for row in 0..<min(total, 1000) {
            guard let unit = DressedValue(texts.bytes(at: row))?.unit else { continue }
            units[unit, default: 0] += 1
            if units.count > 8 { return false }
        }
        return (units.values.max() ?? 0) * 2 >= min(total, 1000)
    }

    /// `60 of 60 values look like percentages, such as "1.5%"`.
    package var description: String {
        "\(count == total ? "all \(Visible.grouped(total))" : "\(Visible.grouped(count)) of \(Visible.grouped(total))") "
            + "values look like \(dress.looks), such as \(Visible.quoted(example))"
    }

    /// Advice that makes numbers of them: `write 1.5`.
    package var advice: String {
        switch dress {
        case .date: "write numbers instead, such as days since a fixed date, the month or the weekday"
        case .time: "write numbers instead, such as minutes since midnight"
        case .hexadecimal: "write decimal numbers"
        case .compound: "write one number in one unit"
        default: plain.map { "write \($0) for \(Visible.quoted(example))" } ?? "write plain numbers"
        }
    }
}
