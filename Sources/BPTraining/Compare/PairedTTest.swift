#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Student's paired t test: is the mean of the differences d_i 0? (Student, Biometrika 6 (1908) 1.)
///
/// Of a regression d_i = |y_i − B_i| − |y_i − A_i|, the absolute errors of two models on the same row: the mean of d is
/// then the difference of the two mean absolute errors, the number that people read, and one wild row weighs less than
/// it would in squares. The mean over many rows is near enough to normal for t; for a dozen rows with long tails the
/// p-value is a guide only. (A rank test, Wilcoxon's, would ask about the median instead, which can have the other sign
/// than the difference of the scores.)
public struct PairedTTest: Sendable, Equatable {
    /// n, the number of differences.
    public let count: Int
    /// d̄ = (1/n) Σ d_i.
    public let mean: Double
    /// s/√n with s² = Σ (d_i − d̄)²/(n − 1); NaN for fewer than 2.
    public let standardError: Double
    /// d̄ over its standard error; 0 where all differences are 0, NaN for fewer than 2.
    public let t: Double
    /// n − 1.
    public var degreesOfFreedom: Int { max(0, count - 1) }
    /// P(|T| ≥ |t|) of Student's distribution: I_{ν/(ν+t²)}(ν/2, ½) with ν = n − 1.
    public let pValue: Double
    /// Half the width of the 95% interval around the mean.
    public let margin: Double

    /// The test of these differences, summed in their order in Double.
    public init(_ differences: [Double]) {
        count = differences.count
        guard count > 1 else {
            mean = differences.first ?? .nan
            (standardError, t, pValue, margin) = (.nan, .nan, .nan, .nan)
            return
        }
        let average = differences.reduce(0, +) / Double(count)
        let squares = differences.reduce(0) { $0 + ($1 - average) * ($1 - average) }
        mean = average
        standardError = (squares / Double(count - 1) / Double(count)).squareRoot()
        t = average == 0 ? 0 : average / standardError
        pValue = StudentsT.bothTails(t, Double(count - 1))
        margin = standardError * StudentsT.quantile(bothTails: 0.05, Double(count - 1))
    }
}

/// Student's t distribution with ν degrees of freedom.
enum StudentsT {
    /// P(|T| ≥ |t|).
    static func bothTails(_ t: Double, _ degrees: Double) -> Double {
        if t.isInfinite { return 0 }
        return IncompleteBeta.regularized(degrees / (degrees + t * t), degrees / 2, 0.5)
    }

    /// The t ≥ 0 with P(|T| ≥ t) = p, found by halving.
    static func quantile(bothTails p: Double, _ degrees: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while bothTails(high, degrees) > p, high < 1e9 { high *= 2 }
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if bothTails(middle, degrees) > p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
