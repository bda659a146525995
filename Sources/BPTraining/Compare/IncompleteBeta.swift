#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The regularised incomplete beta function, from which the p-values of this folder come.
///
/// They are shown and never recorded, so the mathematics library is good enough here.
enum IncompleteBeta {
    /// I_x(a, b) = ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt / B(a, b), for 0 ≤ x ≤ 1 and a, b > 0; NaN elsewhere.
    ///
    /// By the continued fraction DLMF 8.17.22 (https://dlmf.nist.gov/8.17#v), which converges quickly for
    /// x < (a + 1)/(a + b + 2); above it I_x(a, b) = 1 − I_{1−x}(b, a), DLMF 8.17.4.
    static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x >= 0, x <= 1, a > 0, b > 0, a.isFinite, b.isFinite else { return .nan }
        if x == 0 || x == 1 { return x }
        let front = exp(lgamma(a + b).0 - lgamma(a).0 - lgamma(b).0 + a * log(x) + b * log1p(-x))
        if x < (a + 1) / (a + b + 2) { return front * fraction(x, a, b) / a }
        return 1 - front * fraction(1 - x, b, a) / b
    }

    /// The continued fraction, evaluated forwards by Lentz's method as Thompson and Barnett modified it
    /// (J. Comput. Phys. 64 (1986) 490). It needs in the order of √max(a, b) steps.
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func apart(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var (c, d) = (1.0, 1 / apart(1 - (a + b) * x / (a + 1)))
        var value = d
        for step in 1...100_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / apart(1 + even * d)
            c = apart(1 + even / c)
            value *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / apart(1 + odd * d)
            c = apart(1 + odd / c)
            value *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return value
    }
}

extension Double {
    /// log(n choose k), from the logarithms of the gamma function.
    static func logBinomial(_ n: Double, _ k: Double) -> Double {
        lgamma(n + 1).0 - lgamma(k + 1).0 - lgamma(n - k + 1).0
    }
}
