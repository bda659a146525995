/// A small generator for tests: the same seed gives the same numbers everywhere.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64
    private var coins: UInt64 = 1

    /// The generator of `seed`.
    public init(_ seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True or false, each half of the time.
    public mutating func coin() -> Bool {
        if coins == 1 { coins = next() | 1 << 63 }
        defer { coins >>= 1 }
        return coins & 1 == 1
    }
}
