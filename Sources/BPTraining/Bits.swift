import BPRegistry

/// The bits of float32 values, as people and JSON read them.
package enum Bits {
    /// Eight lower-case hex digits.
    package static func hex(_ value: Float) -> String {
        let digits = String(value.bitPattern, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// SHA-256 over parameters in canonical order: the hash of the tensor that the registry keeps.
func weightsHash(_ parameters: [Float]) -> SHA256Digest {
    parameters.withUnsafeBytes { SHA256.hash($0) }
}
