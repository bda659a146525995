#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// McNemar's test of two classifiers on the same rows: are there as many rows on which only the first is right as rows
/// on which only the second is? (McNemar, Psychometrika 12 (1947) 153; for classifiers Dietterich, Neural Computation
/// 10 (1998) 1895.)
///
/// Under "equally often" the n = b + c rows on which one alone is right fall as n throws of a fair coin. The p-value is
/// that of the binomial distribution at every n, so no count decides between two formulas. It never claims too much,
/// and is known to claim too little where n is small; beside it stands the mid-p value, which Fagerland, Lydersen and
/// Laake recommend (BMC Medical Research Methodology 13 (2013) 91).
public struct McNemarTest: Sendable, Equatable {
    /// b: rows on which only the first is right.
    public let onlyFirstRight: Int
    /// c: rows on which only the second is right.
    public let onlySecondRight: Int
    /// min(1, 2·P(X ≤ min(b, c))), X ~ Bin(b + c, ½); 1 for no rows.
    public let pValue: Double
    /// `pValue` − P(X = min(b, c)); where b = c, 1 − ½·P(X = b).
    public let midPValue: Double

    /// The test for these counts.
    public init(onlyFirstRight b: Int, onlySecondRight c: Int) {
        (onlyFirstRight, onlySecondRight) = (b, c)
        let (n, k) = (Double(b) + Double(c), Double(min(b, c)))
        let point = exp(Double.logBinomial(n, k) - n * log(2))
        if b == c {
            (pValue, midPValue) = (1, 1 - point / 2)
        } else {
            // P(X ≤ k) = I_{1/2}(n − k, k + 1), DLMF 8.17.5.
            pValue = min(1, 2 * IncompleteBeta.regularized(0.5, n - k, k + 1))
            midPValue = pValue - point
        }
    }
}
