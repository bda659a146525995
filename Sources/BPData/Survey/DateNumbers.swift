/// A column of numbers that are dates by their digits: 20240105, 202401, 20240105103000.
package struct DateNumbers: Sendable, Hashable {
    /// The first value.
    package let example: Int
    /// The digits of each.
    let digits: Int

    /// The fewest rows in which dates are no accident.
    private static let fewestRows = 4
    /// Six digits are a year and a month by accident more easily than eight are a day.
    private static let fewestMonths = 10

    /// Nil unless all values are dates of the same number of digits, and not all the same.
    init?(_ column: Column) {
        guard column.type.isNumeric, column.rowCount >= DateNumbers.fewestRows,
            let first = column.number(at: 0).flatMap({ Int(exactly: $0) }), first > 0
        else { return nil }
        let digits = String(first).utf8.count
        guard DateNumbers.isDate(first, digits), digits > 6 || column.rowCount >= DateNumbers.fewestMonths else {
            return nil
        }
        var differ = false
        for row in 1..<column.rowCount {
            guard let value = column.number(at: row).flatMap({ Int(exactly: $0) }), DateNumbers.isDate(value, digits)
            else { return nil }
            differ = differ || value != first
        }
        guard differ else { return nil }
        (example, self.digits) = (first, digits)
    }

    /// Whether the digits are year, month, day, hour, minute and second as far as they go.
    private static func isDate(_ value: Int, _ digits: Int) -> Bool {
        switch digits {
        case 6: return (1900...2100).contains(value / 100) && (1...12).contains(value % 100)
        case 8:
            return (1900...2100).contains(value / 10_000) && (1...12).contains(value / 100 % 100)
                && (1...31).contains(value % 100)
        case 12: return isDate(value / 10_000, 8) && value / 100 % 100 < 24 && value % 100 < 60
        case 14: return isDate(value / 100, 12) && value % 100 < 61
        default: return false
        }
    }

    /// `all values look like dates, such as 20240105; from 20240131 to 20240201 is 1 day and a difference of 70`
    var description: String {
        let step =
            switch digits {
            case 6: "from 202312 to 202401 is 1 month and a difference of 89"
            case 8: "from 20240131 to 20240201 is 1 day and a difference of 70"
            default: "the differences of such numbers are no times"
            }
        return "all values look like dates, such as \(example); \(step)"
    }
}
