import BPCore

/// The elementary functions of docs/numerics.md one number at a time, in plain Float: what the kernels equal bit for bit.
struct ScalarFunctions {
    let numerics: Numerics

    /// x y + c, rounded once.
    static func fma(_ x: Float, _ y: Float, _ c: Float) -> Float { c.addingProduct(x, y) }

    /// p 2ⁿ, rounded once.
    private static func scale(_ p: Float, _ n: Float) -> Float {
        Float(Double(p) * Double(sign: .plus, exponent: Int(n), significand: 1))
    }

    /// Horner's rule, the highest coefficient first.
    private static func polynomial(_ coefficients: [Float], _ x: Float) -> Float {
        coefficients.dropFirst().reduce(coefficients[0]) { fma($0, x, $1) }
    }

    /// x = n ln 2 + r; `lost` is what r lost to rounding.
    private static func reduce(_ x: Float) -> (n: Float, r: Float, lost: Float) {
        let n = fma(x, 0x1.715476p0, 0x1.8p23) - 0x1.8p23
        let far = fma(n, -0x1.62e4p-1, x)
        let r = fma(n, -0x1.7f7d1cp-20, far)
        return (n, r, fma(n, -0x1.7f7d1cp-20, far - r))
    }

    private static let tail: [Float] = [
        0x1.9f0816p-13, 0x1.6d8db2p-10, 0x1.111272p-7, 0x1.55548ep-5, 0x1.555554p-3, 0.5,
    ]

    /// q of e^r = 1 + r + r² q(r), in pairs of terms.
    private static func pairedTail(_ r: Float) -> Float {
        let pair = (0..<3).map { fma(tail[2 * $0], r, tail[2 * $0 + 1]) }
        return fma(fma(pair[0], r * r, pair[1]), r * r, pair[2])
    }

    func exp(_ x: Float) -> Float {
        if x.isNaN { return x }
        let (n, r, lost) = Self.reduce(min(max(x, -104.5), 89))
        let sum = 1 + r
        let rest = r - (sum - 1)
        switch numerics {
        case .first: return Self.scale(sum + (rest + Self.fma(r * r, Self.polynomial(Self.tail, r), lost)), n)
        case .second: return Self.scale(sum + Self.fma(r * r, Self.pairedTail(r), rest + lost), n)
        }
    }

    /// ln(1 + x) for x ≥ 0, the same in both versions.
    func log1p(_ x: Float) -> Float {
        if x.isNaN || x == .infinity { return x }
        let u = x + 1
        let lost = x < 1 ? x - (u - 1) : 1 - (u - x)
        let bits = Int32(bitPattern: u.bitPattern)
        let k = (bits &- 0x3F35_04F3) >> 23
        var f = Float(bitPattern: UInt32(bitPattern: bits &- (k << 23))) - 1
        f += lost * Float(bitPattern: UInt32(max(127 - k, 0)) << 23)
        let p = Self.polynomial(
            [
                0x1.145704p-4, -0x1.de50f2p-4, 0x1.e6fbe0p-4, -0x1.fc1faep-4, 0x1.23368ap-3, -0x1.555c54p-3,
                0x1.99a4c0p-3, -0x1.000006p-2, 0x1.555548p-2,
            ], f)
        let square = f * f
        let tail = Self.fma(square, -0.5, Self.fma(Float(k), 0x1.7f7d1cp-20, square * (f * p)))
        return Self.fma(Float(k), 0x1.62e4p-1, tail + f)
    }

    func tanh(_ x: Float) -> Float {
        if x.isNaN { return x }
        let size = x.magnitude
        switch numerics {
        case .first:
            let p = Self.polynomial(
                [
                    -0x1.dd5566p-12, 0x1.526f02p-9, -0x1.0ecab4p-7, 0x1.62ee2ap-6, -0x1.b9c9c8p-5, 0x1.110f34p-3,
                    -0x1.55554ep-2,
                ], x * x)
            let near = Self.fma(x * x * size, p, size)
            return Float(signOf: x, magnitudeOf: size < 0.9 ? near : 1 - 2 / (exp(size + size) + 1))
        case .second:
            let (n, r, _) = Self.reduce(max(-20, -(size + size)))
            let power = Self.scale(1, n)
            let u = Self.fma(power, Self.fma(r * r, Self.pairedTail(r), r), power - 1)
            return Float(signOf: x, magnitudeOf: u / (2 + u))
        }
    }

    func sigmoid(_ x: Float) -> Float {
        if x.isNaN { return x }
        let e = exp(-x.magnitude)
        let sum = 1 + e
        let quotient = (x < 0 ? e : 1) / sum
        if numerics == .second { return quotient }
        let remainder = Self.fma(-quotient, e - (sum - 1), Self.fma(-quotient, sum, x < 0 ? e : 1))
        return Self.fma(remainder, x < 0 ? 1 - quotient : quotient, quotient)
    }
}
