/// The greatest magnitudes that a step has met, as bits, which order as the magnitudes do: infinity above all numbers,
/// NaN above infinity. Threads raise them together (`note_greatest`).
struct Greatest: @unchecked Sendable {
    /// Of hidden activations, and of errors δ.
    let activation, error: UnsafeMutablePointer<UInt32>

    // A cache line apart.
    private static let distance = 64

    init() {
        activation = .allocate(capacity: 2 * Self.distance)
        activation.initialize(repeating: 0, count: 2 * Self.distance)
        error = activation + Self.distance
    }

    func deallocate() { activation.deallocate() }

    func reset() {
        activation.pointee = 0
        error.pointee = 0
    }

    /// Whether all sums of the gradient over `rows` rows are finite, in whatever order and blocks they are added: none
    /// exceeds B max|a| max|δ| but for rounding, which adds less than a factor e in up to 2²⁴ rows.
    func boundsGradient(rows: Int, greatestInput: UInt32) -> Bool {
        let a = max(activation.pointee, greatestInput)
        guard a < Self.infinity, error.pointee < Self.infinity, rows <= 1 << 24 else { return false }
        let product = max(Double(Float(bitPattern: a)), 1) * Double(Float(bitPattern: error.pointee))
        return product * Double(rows) < 0x1p126
    }

    private static let infinity = Float.infinity.bitPattern
}
