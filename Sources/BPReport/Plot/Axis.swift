#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An axis with its round ticks.
struct Axis {
    let low: Double
    let high: Double
    let isLogarithmic: Bool
    let ticks: [Tick]

    struct Tick: Equatable {
        let value: Double
        let label: String
    }

    /// An axis over `range` with at most `most` ticks.
    /// - Parameters:
    ///   - isLogarithmic: all of `range` is above 0 then.
    ///   - isWhole: between whole numbers there is no tick.
    ///   - margin: the share of its length that is added at both ends, but never beyond 0 unless `range` is.
    init(_ range: ClosedRange<Double>, isLogarithmic: Bool, isWhole: Bool, ticks most: Int, margin: Double = 0) {
        self.isLogarithmic = isLogarithmic
        (low, high) = Axis.widened(range, isLogarithmic, margin)
        ticks =
            isLogarithmic
            ? Axis.logarithmic(low, high, max(2, most)) : Axis.linear(low, high, max(2, most), isWhole: isWhole)
    }

    /// The same axis with percentages as labels: `95%` for 0.95, `95.5%` for 0.955.
    var inPercent: Axis {
        let digits = ticks.map { tick in
            tick.label.contains("e") ? 0 : tick.label.split(separator: ".").dropFirst().first?.count ?? 0
        }
        let most = max(0, (digits.max() ?? 0) - 2)
        return Axis(self, labels: ticks.map { NumberText.format("%.\(most)f%%", $0.value * 100) })
    }

    private init(_ axis: Axis, labels: [String]) {
        (low, high, isLogarithmic) = (axis.low, axis.high, axis.isLogarithmic)
        ticks = zip(axis.ticks, labels).map { Tick(value: $0.value, label: $1) }
    }

    /// The position of `value`: 0 at the low end, 1 at the high one.
    func fraction(_ value: Double) -> Double {
        isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    }

    private static func widened(
        _ range: ClosedRange<Double>, _ isLogarithmic: Bool, _ margin: Double
    ) -> (Double, Double) {
        var (low, high) = (range.lowerBound, range.upperBound)
        if isLogarithmic {
            if low == high { (low, high) = (low / 2, high * 2) }
            let factor = pow(high / low, margin)
            return (low / factor, high * factor)
        }
        if low == high {
            let half = low == 0 ? 0.5 : abs(low) * 0.1
            (low, high) = (low - half, high + half)
        }
        let extra = (high - low) * margin
        (low, high) = (low - extra, high + extra)
        if range.lowerBound >= 0, low < 0 { low = 0 }
        return (low, high)
    }

    // MARK: - Ticks

    /// Multiples of 1, 2 or 5 times a power of ten.
    private static func linear(_ low: Double, _ high: Double, _ most: Int, isWhole: Bool) -> [Tick] {
        let least = (high - low) / Double(most)
        var exponent = Int(floor(log10(least)))
        if isWhole, exponent < 0 { exponent = 0 }
        let scale = power(exponent)
        let step = [1, 2, 5, 10].map { $0 * scale }.first { floor(high / $0) - ceil(low / $0) < Double(most) }
        guard let step, step > 0 else { return [] }
        let first = ceil(low / step)
        let count = Int(floor(high / step) - first) + 1
        return (0..<max(0, count)).map { index in
            // A multiple of the step, and not a sum that drifts.
            let value = (first + Double(index)) * step
            return Tick(value: value, label: label(value, step: step, largest: max(abs(low), abs(high)), isWhole))
        }
    }

    /// Powers of ten, with 2 and 5, or 3, between them if there is room. A short range has linear ticks.
    private static func logarithmic(_ low: Double, _ high: Double, _ most: Int) -> [Tick] {
        let decades = Int(floor(log10(low)))...Int(ceil(log10(high)))
        for (mantissas, every) in [([1, 2, 5], 1), ([1, 3], 1)] + (1...100).map({ ([1], $0) }) {
            let ticks = decades.filter { $0 % every == 0 }.flatMap { exponent in
                mantissas.compactMap { mantissa -> Tick? in
                    let value = Double(mantissa) * power(exponent)
                    guard value >= low, value <= high else { return nil }
                    let isPlain = value >= 1e-4 && value < 1e5
                    return Tick(
                        value: value, label: isPlain ? NumberText.format("%.10g", value) : "\(mantissa)e\(exponent)")
                }
            }
            if ticks.count <= most { return ticks.count < 2 ? linear(low, high, most, isWhole: false) : ticks }
        }
        return []
    }

    /// 10ⁿ, the nearest Double: `pow` may be off by one place.
    private static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? pow(10, Double(exponent)) }

    /// As few digits as distinguish neighbours.
    private static func label(_ value: Double, step: Double, largest: Double, _ isWhole: Bool) -> String {
        let exponent = Int(floor(log10(step) + 1e-9))
        if largest >= 1e6 || step < 1e-4 {
            if isWhole, largest < 1e15 {
                let unit = largest >= 1e9 ? (9, "G") : (6, "M")
                let digits = max(0, unit.0 - exponent)
                return value == 0 ? "0" : NumberText.format("%.\(digits)f", value / power(unit.0)) + unit.1
            }
            if value == 0 { return "0" }
            let digits = max(0, Int(floor(log10(abs(value)) + 1e-9)) - exponent)
            let parts = NumberText.format("%.\(digits)e", value).split(separator: "e")
            return parts[0] + "e" + (Int(parts[1]).map(String.init) ?? "")
        }
        return isWhole ? NumberText.grouped(Int(value)) : NumberText.format("%.\(max(0, -exponent))f", value + 0)
    }
}
