/// How a value is written that is not a number and yet means one: `1,000`, `5%`, `$3`, `0,5`, `−5`, `2024-01-05`.
package enum Dress: String, Sendable, Hashable, CaseIterable {
    /// `1,000`, `1'000`, `1 000`, `1_000`, `1.234.567`.
    case thousands
    /// `0,5`, `1.234,5`.
    case decimalComma = "decimal-comma"
    /// `5%`, `5 ‰`.
    case percent
    /// `$3`, `3 €`, `3 USD`.
    case currency
    /// `−5` with U+2212 or a dash.
    case minus
    /// `(5)`, which bookkeeping writes for −5.
    case parentheses
    /// `5-`, `- 5`.
    case sign
    /// Digits of another script, or full-width ones.
    case digits
    /// `5 kg`, `180cm`.
    case unit
    /// `5k`, `1.2M`, `3 bn`.
    case magnitude
    /// `1/2`, `3 ½`.
    case fraction
    /// `5×10^3`, `1.5D+03`.
    case power
    /// `5 ± 0.2`.
    case error
    /// `1h30m`, `5'11"`.
    case compound
    /// `3rd`.
    case ordinal
    /// `#5`, `~5`, `'5`, `="5"`.
    case marked
    /// A plain number among spaces that are none of ASCII.
    case spaces
    /// `0x1F`.
    case hexadecimal
    /// `2024-01-05`, `05/01/2024`, `5 Jan 2024`, each also with a time.
    case date
    /// `10:30`, `10:30:15`.
    case time

    /// The kind of such values in words: "numbers with thousands separators".
    package var looks: String {
        switch self {
        case .thousands: "numbers with thousands separators"
        case .decimalComma: "numbers with a decimal comma"
        case .percent: "percentages"
        case .currency: "amounts of money"
        case .minus: "numbers with a typographic minus (not the ASCII -)"
        case .parentheses: "negative numbers in parentheses"
        case .digits: "numbers in other digits than 0 to 9"
        case .sign: "numbers with the sign behind or apart"
        case .unit: "numbers with a unit"
        case .magnitude: "numbers in thousands or millions"
        case .fraction: "fractions"
        case .power: "numbers with a power of ten"
        case .error: "numbers with an error margin"
        case .compound: "amounts in several units"
        case .ordinal: "ordinal numbers"
        case .marked: "numbers with a mark"
        case .spaces: "numbers with invisible spaces (not the ASCII space)"
        case .hexadecimal: "hexadecimal numbers"
        case .date: "dates"
        case .time: "times of day"
        }
    }
}

/// One value in a dress.
struct DressedValue: Sendable, Hashable {
    let dress: Dress
    /// The number as bpreg reads it; nil of dates and times, which are no single number.
    var plain: String?
    /// The word behind the number: `kg`, `USD`.
    var unit: String?
    /// `1,234` may be a thousand or a decimal comma; other values of the column decide.
    var isAmbiguous = false

    /// The longest value that is looked at, in bytes.
    static let longest = 64

    /// The dress of a field, or nil if it has none: a plain number, or a word.
    init?(_ field: some Collection<UInt8>) {
        guard field.count <= DressedValue.longest, let text = DressedText(field), text.hasDigit else { return nil }
        if let clock = Clock.dress(of: text.bytes) {
            self.init(dress: clock)
        } else if let number = text.number {
            self = number
        } else {
            return nil
        }
    }

    /// The same with a number so many times as large.
    func times(_ factor: Double) -> DressedValue {
        var value = self
        value.plain = plain.flatMap { Double($0) }.map { Column.spelling(of: $0 * factor) }
        return value
    }

    init(dress: Dress, plain: String? = nil, unit: String? = nil, isAmbiguous: Bool = false) {
        (self.dress, self.plain, self.unit, self.isAmbiguous) = (dress, plain, unit, isAmbiguous)
    }
}
