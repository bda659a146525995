/// A stretch of time that a person named: `2026-11` is a month, `2026-11-24` a day, `2026-11-24T10:00` a minute.
///
/// A time equals it if it is within the stretch, is less if it is before the stretch, and greater if it is after it.
package struct QueryTime: Sendable, Equatable {
    /// Its first microsecond since 1970, UTC.
    package let start: Int64
    /// The first microsecond after it.
    package let end: Int64

    init(start: Int64, end: Int64) { (self.start, self.end) = (start, end) }

    /// Reads `YYYY[-MM[-DD[(T| )HH:MM[:SS[.ffffff]]]]]`, with or without a `Z` after a time of day; nil for
    /// any other text.
    init?(_ text: String) {
        var rest = text[...]
        guard let year = QueryTime.take(&rest, digits: 4) else { return nil }
        guard let month = QueryTime.take(&rest, after: "-", 1...12) else {
            guard rest.isEmpty else { return nil }
            self.init(start: QueryTime.days(year, 1, 1) * day, end: QueryTime.days(year + 1, 1, 1) * day)
            return
        }
        let first = QueryTime.days(year, month, 1)
        let nextMonth = month == 12 ? QueryTime.days(year + 1, 1, 1) : QueryTime.days(year, month + 1, 1)
        guard let date = QueryTime.take(&rest, after: "-", 1...Int(nextMonth - first)) else {
            guard rest.isEmpty else { return nil }
            self.init(start: first * day, end: nextMonth * day)
            return
        }
        let midnight = (first + Int64(date) - 1) * day
        guard !rest.isEmpty else {
            self.init(start: midnight, end: midnight + day)
            return
        }
        guard let (offset, length) = QueryTime.timeOfDay(&rest), rest.isEmpty else { return nil }
        self.init(start: midnight + offset, end: midnight + offset + length)
    }

    private static func timeOfDay(_ rest: inout Substring) -> (offset: Int64, length: Int64)? {
        if rest.hasSuffix("Z") || rest.hasSuffix("z") { rest.removeLast() }
        let mark = rest.first
        guard mark == "T" || mark == "t" || mark == " ", let hour = take(&rest, after: mark ?? "T", 0...23),
            let minute = take(&rest, after: ":", 0...59)
        else { return nil }
        let minutes = Int64(hour * 60 + minute) * 60 * second
        guard let seconds = take(&rest, after: ":", 0...59) else { return (minutes, 60 * second) }
        let whole = minutes + Int64(seconds) * second
        guard rest.first == "." else { return (whole, second) }
        rest.removeFirst()
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard (1...6).contains(digits.count), let fraction = Int64(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        var unit = second
        for _ in digits { unit /= 10 }
        return (whole + fraction * unit, unit)
    }

    private static func take(_ rest: inout Substring, after mark: Character, _ range: ClosedRange<Int>) -> Int? {
        guard rest.first == mark else { return nil }
        var tail = rest.dropFirst()
        guard let number = take(&tail, digits: 2), range.contains(number) else { return nil }
        rest = tail
        return number
    }

    private static func take(_ rest: inout Substring, digits: Int) -> Int? {
        let head = rest.prefix(digits)
        guard head.count == digits, head.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        rest = rest.dropFirst(digits)
        return Int(head)
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar, counted from 0000-03-01 so that a leap day ends a year.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let y = Int64(month <= 2 ? year - 1 : year)
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + Int64(day) - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

private let second: Int64 = 1_000_000
private let day: Int64 = 86_400 * second
