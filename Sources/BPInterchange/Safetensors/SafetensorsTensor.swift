/// A tensor of a safetensors file: what it is called, what its values are, and where in the data they lie.
package struct SafetensorsTensor: Sendable, Hashable {
    /// Its name.
    package let name: String
    /// What its values are.
    package let type: ElementType
    /// How many there are along each axis, the slowest first; empty for a single value.
    package let shape: [Int]
    /// Where its bytes lie, counted from the first byte behind the header.
    package let range: Range<Int>

    /// What values a tensor has: the names that safetensors gives them.
    package enum ElementType: String, Sendable, CaseIterable {
        case bool = "BOOL"
        case u8 = "U8"
        case i8 = "I8"
        case f8e5m2 = "F8_E5M2"
        case f8e4m3 = "F8_E4M3"
        case i16 = "I16"
        case u16 = "U16"
        case f16 = "F16"
        case bf16 = "BF16"
        case i32 = "I32"
        case u32 = "U32"
        case f32 = "F32"
        case i64 = "I64"
        case u64 = "U64"
        case f64 = "F64"

        /// Bytes of a value.
        package var width: Int {
            switch self {
            case .bool, .u8, .i8, .f8e5m2, .f8e4m3: 1
            case .i16, .u16, .f16, .bf16: 2
            case .i32, .u32, .f32: 4
            case .i64, .u64, .f64: 8
            }
        }
    }

    /// How many values.
    package var count: Int { range.count / type.width }

    /// The bytes that values of `type` in `shape` take; nil where an Int does not hold them or a length is negative.
    static func bytes(_ type: ElementType, _ shape: [Int]) -> Int? {
        var bytes = type.width
        // A length of 0 makes the tensor empty however long the others are, but each must be a length.
        if shape.contains(where: { $0 < 0 }) { return nil }
        if shape.contains(0) { return 0 }
        for length in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
            if overflow { return nil }
            bytes = product
        }
        return bytes
    }
}
