/// How far the parameters of B are from those of A: Δ = B − A, of a stretch of the canonical order.
///
/// Every float32 is taken as a Double, differences and products are formed in Double and summed from the first
/// parameter to the last, so that the same two states give the same numbers everywhere.
public struct ParameterDifference: Sendable, Equatable {
    /// n, how many parameters were compared.
    public let count: Int
    /// ‖Δ‖₂ = √Σ (b_i − a_i)².
    public let norm: Double
    /// ‖Δ‖₂ / ‖A‖₂; nil where all of A are 0.
    public let relative: Double?
    /// max |b_i − a_i|.
    public let largest: Double
    /// Σ a_i b_i / (‖A‖₂ ‖B‖₂), within −1…1; nil where all of A or all of B are 0.
    public let cosine: Double?
    /// How many have opposite signs, neither being 0.
    public let signFlips: Int
    /// How many have other bits.
    public let changed: Int

    /// changed / n.
    public var changedShare: Double { count == 0 ? 0 : Double(changed) / Double(count) }

    /// The difference of `b` from `a`, which have the same length.
    public init(from a: ArraySlice<Float>, to b: ArraySlice<Float>) {
        var (squares, ofA, ofB, product, largest) = (0.0, 0.0, 0.0, 0.0, 0.0)
        var (flips, changed) = (0, 0)
        for (first, second) in zip(a, b) {
            let (x, y) = (Double(first), Double(second))
            let difference = y - x
            squares += difference * difference
            ofA += x * x
            ofB += y * y
            product += x * y
            if abs(difference) > largest { largest = abs(difference) }
            // The product of the signs: that of the numbers may be too small for a float.
            if first < 0 && second > 0 || first > 0 && second < 0 { flips += 1 }
            if first.bitPattern != second.bitPattern { changed += 1 }
        }
        count = min(a.count, b.count)
        norm = squares.squareRoot()
        relative = ofA == 0 ? nil : norm / ofA.squareRoot()
        self.largest = largest
        let length = ofA.squareRoot() * ofB.squareRoot()
        cosine = length == 0 ? nil : max(-1, min(1, product / length))
        (signFlips, self.changed) = (flips, changed)
    }
}
