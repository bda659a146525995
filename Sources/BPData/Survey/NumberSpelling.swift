/// Numbers of a column that are written as codes, dates or grouped digits are, and are read as numbers: how many, and an
/// example. Their values do not change.
package struct NumberSpelling: Sendable, Hashable {
    /// The looks of such numbers.
    package enum Kind: String, Sendable {
        /// `01234`, or `007` beside `7`.
        case leadingZeros = "leading-zeros"
        /// `1E2` among whole numbers, or `1E2` beside `10E1`.
        case exponent
        /// `+49301234567` in every row.
        case plus
        /// `1.234` among whole numbers below 1,000: the point may separate thousands.
        case thousands
        /// `1.10` beside `1.1`.
        case trailingZeros = "trailing-zeros"
    }

    /// Their looks.
    package let kind: Kind
    /// The first such value, as it is in the file.
    package let example: String
    /// The line on which it is.
    package let line: Int
    /// That value as it is read.
    package let value: Double
    /// How many values look so.
    package let count: Int
    /// How many values the column has.
    package let total: Int
    /// Two spellings in the file that are one number.
    package let merged: Pair?

    /// Two spellings of one number.
    package struct Pair: Sendable, Hashable {
        package let first: String
        package let second: String
    }

    /// `38 of 40 values have leading zeros, such as "01234" on line 2, which is read as 1234`
    var description: String {
        let some =
            count == total
            ? "all \(Visible.grouped(total)) values" : "\(Visible.grouped(count)) of \(Visible.grouped(total)) values"
        let shown = "such as \(Visible.quoted(example)) on line \(Visible.grouped(line))"
        let read = "which is read as \(Column.spelling(of: value))"
        let what =
            switch kind {
            case .leadingZeros: "\(some) have leading zeros, \(shown), \(read)"
            case .exponent: "\(some) have an exponent, \(shown), \(read)"
            case .plus: "\(some) begin with a plus sign, \(shown), \(read)"
            case .thousands:
                "\(some) have a point and exactly three digits behind it, \(shown), \(read), and the others have no point"
            case .trailingZeros: "\(some) end with a zero behind the point, \(shown), \(read)"
            }
        return what
            + (merged.map { "; \(Visible.quoted($0.first)) and \(Visible.quoted($0.second)) are one value" } ?? "")
    }

    /// Advice for the column called `name`.
    func advice(for name: String) -> String {
        let asText = "(--type \(Visible.shellWord(name + "=text")))"
        switch kind {
        case .thousands:
            return "if the point separates thousands, write \(Column.spelling(of: value * 1000)) for "
                + Visible.quoted(example)
        case .plus: return "if they are telephone numbers, read them as text \(asText)"
        case .leadingZeros, .exponent, .trailingZeros:
            return "if they are codes, and not quantities, read them as text \(asText)"
        }
    }
}
