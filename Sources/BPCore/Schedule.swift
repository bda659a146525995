/// How the learning rate goes from epoch to epoch (THEORY row 21): one rate an epoch, a pure function of the epoch's
/// number alone.
///
/// Epoch e counts from 1, where the schedule begins; w are the epochs of warm-up, E is the schedule's length, warm-up
/// included. After E the rate stays that of epoch E. In the warm-up it is μ·e/(w + 1), so that it rises in equal steps
/// and is μ in epoch w + 1; from there `curve` says it.
public struct Schedule: Sendable, Equatable {
    /// The rate of epoch e after the warm-up, s = e − w − 1.
    public enum Curve: Sendable, Equatable {
        /// μ.
        case constant
        /// μ·γ^⌊s/k⌋, k being `epochs`.
        case step(gamma: Double, epochs: Int)
        /// μ·γ^s.
        case exponential(gamma: Double)
        /// μ·c² + μ_min·(1 − c²) with c = cos(½π·s/(E − w − 1)), which is μ_min + ½(μ − μ_min)(1 + cos(π·s/(E − w − 1))):
        /// μ in the first epoch after the warm-up, μ_min in epoch E.
        case cosine(minimum: Double)
    }

    /// How the rate goes after the warm-up.
    public var curve: Curve
    /// E; nil for no end.
    public var epochs: Int?
    /// w.
    public var warmup: Int

    /// The rate that never changes.
    public static let constant = Schedule()

    private init() { (curve, epochs, warmup) = (.constant, nil, 0) }

    /// A schedule for rate μ.
    /// - Throws: as `validate`.
    public init(_ curve: Curve, epochs: Int? = nil, warmup: Int = 0, learningRate: Double) throws(CoreError) {
        (self.curve, self.epochs, self.warmup) = (curve, epochs, warmup)
        try validate(learningRate: learningRate)
    }

    /// Refuses numbers that a schedule for rate μ cannot have.
    /// - Throws: `CoreError.scheduleSetting` for a γ outside (0, 1], a k or E below 1 or a w below 0, a μ_min that is
    ///   negative or above μ, a constant rate with an E, a cosine without one, and an E that is not longer than the
    ///   warm-up (by 2 at least for a cosine, whose first and last epoch differ).
    public func validate(learningRate: Double) throws(CoreError) {
        switch curve {
        case .constant: break
        case .step(let gamma, let every):
            try Schedule.check(gamma: gamma)
            if every < 1 { throw .scheduleSetting("step epochs", value: "\(every)", allowed: "at least 1") }
        case .exponential(let gamma): try Schedule.check(gamma: gamma)
        case .cosine(let minimum):
            if !(minimum == 0 || Float(minimum) > 0 && minimum <= learningRate) {
                throw .scheduleSetting(
                    "min rate", value: "\(minimum)",
                    allowed: "0, or at least 1.4e-45 (the least float32) and at most the learning rate, \(learningRate)"
                )
            }
        }
        if warmup < 0 { throw .scheduleSetting("warmup", value: "\(warmup)", allowed: "at least 0") }
        try checkLength()
    }

    private static func check(gamma: Double) throws(CoreError) {
        if !(Float(gamma) > 0 && gamma <= 1) {
            throw .scheduleSetting(
                "gamma", value: "\(gamma)", allowed: "above 0 (at least 1.4e-45, the least float32) and at most 1")
        }
    }

    private func checkLength() throws(CoreError) {
        var (least, after) = (1, "after the warm-up")
        switch curve {
        case .constant:
            guard let epochs else { return }
            throw .scheduleSetting(
                "schedule epochs", value: "\(epochs)", allowed: "left out, since constant has no end")
        case .step, .exponential: break
        case .cosine: (least, after) = (2, "after the warm-up, from the first rate to the last")
        }
        guard let epochs else {
            guard case .cosine = curve else { return }
            throw .scheduleSetting(
                "schedule epochs", value: "not given", allowed: "the length of the cosine, in epochs")
        }
        // No sum that could overflow.
        if epochs < least || epochs - least < warmup {
            throw .scheduleSetting(
                "schedule epochs", value: "\(epochs)",
                allowed: "at least \(least) more than the \(warmup) of the warm-up: \(least) or more \(after)")
        }
    }

    /// The name as people type and records keep it.
    public var name: String { kind.rawValue }

    /// The rate of an epoch, in Double; what an update makes of it is rounded to float32 once.
    /// - Parameters:
    ///   - epoch: e, counted from 1.
    ///   - learningRate: μ.
    public func rate(epoch: Int, learningRate: Double) -> Double {
        let e = min(epoch, epochs ?? epoch)
        if e <= warmup { return learningRate * (Double(e) / (Double(warmup) + 1)) }
        let s = e - warmup - 1
        switch curve {
        case .constant: return learningRate
        case .step(let gamma, let every): return learningRate * power(gamma, s / every)
        case .exponential(let gamma): return learningRate * power(gamma, s)
        case .cosine(let minimum):
            let c = quarterCosine(Double(s) / Double((epochs ?? e) - warmup - 1))
            let weight = c * c
            return learningRate * weight + minimum * (1 - weight)
        }
    }
}

/// cos(½πx) for 0 ≤ x ≤ 1 by the series of cos up to x = ½ and of sin(½π(1 − x)) above, by Horner's rule: libm's `cos`
/// has other bits on another machine. 1 at 0 and 0 at 1, exactly; coefficients are (−1)^k (½π)^n/n!, n = 2k or 2k + 1.
func quarterCosine(_ x: Double) -> Double {
    func series(_ coefficients: [Double], _ square: Double) -> Double {
        coefficients.reduce(0) { $0 * square + $1 }
    }
    guard x > 0.5 else { return series(cosineCoefficients, x * x) }
    let y = 1 - x
    return y * series(sineCoefficients, y * y)
}

// From the highest power down.
private let cosineCoefficients = [
    -0x1.2a0c591af8314p-41, 0x1.20c62c2f2d7f5p-34, -0x1.b6e24f44b128fp-28, 0x1.f9d38a3763cc3p-22,
    -0x1.a6d1f2a204a8cp-16, 0x1.e1f506891babbp-11, -0x1.55d3c7e3cbffap-6, 0x1.03c1f081b5ac4p-2, -0x1.3bd3cc9be45dep0,
    0x1p0,
]
private let sineCoefficients = [
    -0x1.8a404211f9547p-45, 0x1.aaec32af93359p-38, -0x1.6fadb9f155744p-31, 0x1.e8f434d018d63p-25,
    -0x1.e3074fde8871fp-19, 0x1.50783487ee782p-13, -0x1.32d2cce62bd86p-8, 0x1.466bc6775aae2p-4, -0x1.4abbce625be53p-1,
    0x1.921fb54442d18p0,
]
