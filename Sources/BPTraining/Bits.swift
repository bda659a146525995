/// The bits of float32 values, as people and JSON read them.
public enum Bits {
    /// Eight lower-case hex digits.
    public static func hex(_ value: Float) -> String {
        let digits = String(value.bitPattern, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
