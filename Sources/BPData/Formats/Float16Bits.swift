extension Double {
    /// The value of a float16 (1 bit of sign, 5 of exponent, 10 of fraction), exactly. Swift's own Float16 is not
    /// available on every platform.
    package init(float16Bits bits: UInt16) {
        let sign = bits >> 15 == 0 ? 1.0 : -1.0
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF)
        switch exponent {
        case 0: self = sign * fraction * 0x1p-24
        case 31: self = fraction == 0 ? sign * .infinity : .nan
        default: self = sign * (1_024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
        }
    }
}
