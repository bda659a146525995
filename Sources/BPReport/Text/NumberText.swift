#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Numbers as people read them. JSON and CSV carry the exact ones.
package enum NumberText {
    /// A loss or another measure: six decimals below ten, one less for each digit more before the point, so that seven
    /// digits count (0.061332, 14.60231, 4824.129); otherwise scientific with four.
    package static func measure(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let size = abs(value)
        if size == 0 || (size >= 1e-4 && size < 10) { return format("%.6f", value) }
        guard size >= 10, size < 1e6 else { return format("%.3e", value) }
        return format(
            size < 100 ? "%.5f" : size < 1e3 ? "%.4f" : size < 1e4 ? "%.3f" : size < 1e5 ? "%.2f" : "%.1f", value)
    }

    /// As `measure`; `-` for nil, if the measure is not defined.
    package static func measure(ifDefined value: Double?) -> String { value.map { measure($0) } ?? "-" }

    /// A number as it may have been typed: -1, not -1.0.
    package static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }

    /// `1 run`, `2,000 runs`.
    package static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(grouped(count)) " + (count == 1 ? noun : plural ?? noun + "s")
    }

    /// For the progress line, where room is scarce: four decimals, or scientific with three digits.
    package static func brief(_ value: Double) -> String {
        if !value.isFinite { return measure(value) }
        let size = abs(value)
        return size == 0 || (size >= 1e-3 && size < 1e4) ? format("%.4f", value) : format("%.2e", value)
    }

    /// A fraction as a percentage with one decimal.
    package static func percent(_ fraction: Double) -> String {
        fraction.isFinite ? format("%.1f%%", fraction * 100) : measure(fraction)
    }

    /// A p-value with two or three digits: `p = 0.69`, `p = 0.031`, `p = 2.4e-05`, `p = 1`. Without an equals sign if it
    /// would be rounded to 1.
    package static func pValue(_ value: Double, of name: String = "p") -> String {
        if value.isNaN { return name + " = -" }
        if value < 1, value > 0.995 { return name + " > 0.99" }
        let digits =
            value >= 1
            ? "1"
            : value >= 0.1 ? format("%.2f", value) : value >= 0.001 ? format("%.3f", value) : format("%.1e", value)
        return name + " = " + (value == 0 ? "0" : digits)
    }

    /// A rate with three digits that count: 0.83, 12.3, 1,234.
    package static func rate(_ value: Double) -> String {
        if !value.isFinite || value < 0 { return "–" }
        if value < 10 { return format("%.2f", value) }
        if value < 100 { return format("%.1f", value) }
        return grouped(value < 9e15 ? Int(value.rounded()) : Int(9e15))
    }

    /// A whole number with thousands separators.
    package static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// A number of bytes in the unit that suits it: 512 B, 16 KB, 1.5 MB (1 KB = 1,000 B).
    package static func bytes(_ count: Double) -> String {
        scaled(count, by: 1000, units: ["B", "KB", "MB", "GB", "TB"])
    }

    /// A number of bytes of memory, or of a disk's free space: 512 B, 16 KiB, 1.5 GiB (1 KiB = 1,024 B).
    static func binaryBytes(_ count: Int) -> String {
        scaled(Double(count), by: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
    }

    private static func scaled(_ count: Double, by step: Double, units: [String]) -> String {
        var value = max(0, count)
        var unit = 0
        while value >= step - 0.5, unit < units.count - 1 {
            value /= step
            unit += 1
        }
        return (unit > 0 && value < 10 ? format("%.1f", value) : format("%.0f", value)) + " " + units[unit]
    }

    /// A stretch of time: under 1s, 4s, 1:05, 2:03:20, 3d 4h.
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 3.2e9 else { return "–" }
        if seconds < 1 { return "under 1s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return "\(whole / 60):\(twoDigits(whole % 60))" }
        if whole < 86_400 { return "\(whole / 3600):\(twoDigits(whole / 60 % 60)):\(twoDigits(whole % 60))" }
        return "\(whole / 86_400)d \(whole / 3600 % 24)h"
    }

    /// As `duration`, with a tenth of a second below ten seconds: 0.3s, 4s, 1:05.
    package static func time(seconds: Double) -> String {
        seconds >= 0 && seconds < 9.95 ? format("%.1fs", seconds) : duration(seconds: seconds)
    }

    /// `value` with a leading zero below ten.
    static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// C's own formatting of one number; the decimal point is a point, as no locale is ever set.
    package static func format(_ pattern: String, _ value: Double) -> String {
        var text = [CChar](repeating: 0, count: 64)
        let length = withVaList([value]) { vsnprintf(&text, text.count, pattern, $0) }
        let used = text.prefix(max(0, min(Int(length), text.count - 1)))
        return String(decoding: used.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
