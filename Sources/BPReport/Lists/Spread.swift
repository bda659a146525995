/// The mean and the standard deviation of values that come one after the other (Welford's method).
struct Spread {
    private(set) var count = 0
    private var average = 0.0
    private var squares = 0.0

    mutating func add(_ value: Double) {
        count += 1
        let distance = value - average
        average += distance / Double(count)
        squares += distance * (value - average)
    }

    /// nil without a value.
    var mean: Double? { count > 0 ? average : nil }

    /// That of a sample: √(Σ (x − mean)² / (n − 1)); nil for fewer than two values.
    var deviation: Double? { count > 1 ? (squares / Double(count - 1)).squareRoot() : nil }
}
