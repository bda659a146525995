package import BPJSON

/// Points in time as the registry keeps them (microseconds since 1970, UTC), for people and for programs.
package enum TimeText {
    /// `2026-03-01 14:05:09`, UTC.
    package static func plain(_ microseconds: Int64) -> String {
        let parts = civil(microseconds)
        return parts.date + " " + parts.time
    }

    /// RFC 3339 with microseconds: `2026-03-01T14:05:09.000250Z`.
    package static func json(_ microseconds: Int64) -> JSONValue {
        let parts = civil(microseconds)
        let digits = String(parts.fraction)
        return .string(
            parts.date + "T" + parts.time + "." + String(repeating: "0", count: 6 - digits.count) + digits + "Z")
    }

    /// The same, or `null`.
    package static func json(_ microseconds: Int64?) -> JSONValue {
        microseconds.map { json($0) as JSONValue } ?? .null
    }

    private static func civil(_ microseconds: Int64) -> (date: String, time: String, fraction: Int64) {
        let (seconds, fraction) = floorDivide(microseconds, 1_000_000)
        let (days, second) = floorDivide(seconds, 86_400)
        // Days are counted from 0000-03-01, so that the day that leap years add is the last of a year.
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(year)-" + NumberText.twoDigits(Int(month)) + "-" + NumberText.twoDigits(Int(day))
        let time = [second / 3600, second / 60 % 60, second % 60].map { NumberText.twoDigits(Int($0)) }
        return (date, time.joined(separator: ":"), fraction)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension JSONValue {
    /// A stretch of time, to the microsecond. More digits of a clock are noise.
    package static func seconds(_ value: Double) -> JSONValue {
        .double(abs(value) < 1e9 ? (value * 1e6).rounded() / 1e6 : value)
    }

    /// A rate, to six decimals, or a whole number if it is great; null if there is none.
    package static func rate(_ value: Double?) -> JSONValue {
        guard let value else { return .null }
        return .double(value < 1e5 ? (value * 1e6).rounded() / 1e6 : value.rounded())
    }
}

extension TableColumn {
    /// A stretch of time in seconds, on the right.
    package static func seconds(_ key: String) -> TableColumn {
        TableColumn(key: key, title: key, alignment: .right, shrinks: false) { value in
            value.number.map { NumberText.format("%.6f", $0) } ?? "–"
        }
    }

    /// A point in time: to the second in text, to the microsecond elsewhere.
    package static func time(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .left, shrinks: false) { value in
            guard case .string(let text) = value else { return "–" }
            return text.prefix(19).split(separator: "T").joined(separator: " ")
        }
    }

    /// A SHA-256: its first 12 digits in text, all of them elsewhere.
    package static func digest(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .left, shrinks: false) { value in
            value.string.map { String($0.prefix(12)) } ?? "–"
        }
    }
}
