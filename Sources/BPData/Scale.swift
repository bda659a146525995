/// Standard scaling: z = (x − mean) / deviation.
///
/// Mean and population standard deviation are computed in Double over the training rows, each rounded to float32
/// once. To encode, x is a Double (exact for every column type), the subtraction and the division are made in that
/// order in Double with the two float32 constants, and the quotient is rounded to float32 once. A deviation of 0
/// marks a constant column, which encodes to 0 whatever the value.
package struct Scale: Sendable, Hashable {
    /// The mean of the training rows.
    package let mean: Float
    /// The population standard deviation of the training rows; 0 if they are all equal.
    package let deviation: Float

    /// A scale with these constants.
    package init(mean: Float, deviation: Float) {
        self.mean = mean
        self.deviation = deviation
    }

    /// The scale of `values`: m = Σx / n, s² = Σ(x − m)² / n, sums in order; nil if there are none, or if mean or
    /// deviation is beyond float32.
    init?(fitting values: [Double]) {
        guard let least = values.min(), let most = values.max() else { return nil }
        let count = Double(values.count)
        let mean = least == most ? least : values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = least == most ? 0 : (squares / count).squareRoot()
        guard Float(mean).isFinite, Float(deviation).isFinite else { return nil }
        self.init(mean: Float(mean), deviation: Float(deviation))
    }

    /// z of a value; not finite if it is beyond float32.
    package func encode(_ value: Double) -> Float {
        deviation == 0 ? 0 : Float((value - Double(mean)) / Double(deviation))
    }

    /// x = z · deviation + mean, in Double.
    package func decode(_ value: Float) -> Double { Double(value) * Double(deviation) + Double(mean) }
}
