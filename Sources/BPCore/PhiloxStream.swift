/// The words of one `Philox4x32` stream in order, for draws of which it is not known beforehand how many words they
/// take. It lives only as long as what is drawn with it.
package struct PhiloxStream: Sendable {
    private let generator: Philox4x32
    private var block: Philox4x32.Block = (0, 0, 0, 0)
    private var position: UInt64 = 0

    /// The stream from its first word.
    package init(seed: UInt64, purpose: Purpose, stream: UInt32) {
        generator = Philox4x32(seed: seed, purpose: purpose, stream: stream)
    }

    /// The next word.
    package mutating func next() -> UInt32 {
        let lane = position & 3
        if lane == 0 { block = generator.block(at: position >> 2) }
        position &+= 1
        return switch lane {
        case 0: block.0
        case 1: block.1
        case 2: block.2
        default: block.3
        }
    }

    /// A whole number in 0 ..< bound, each equally likely: the high half of word × bound, drawing again while the
    /// low half is below 2³² mod bound (Lemire, "Fast random integer generation in an interval", 2019).
    /// - Precondition: bound ≥ 1.
    package mutating func bounded(_ bound: UInt32) -> UInt32 {
        precondition(bound >= 1, "no whole number lies in 0 ..< 0")
        var product = UInt64(next()) &* UInt64(bound)
        if UInt32(truncatingIfNeeded: product) < bound {
            let rejected = (0 &- bound) % bound
            while UInt32(truncatingIfNeeded: product) < rejected { product = UInt64(next()) &* UInt64(bound) }
        }
        return UInt32(truncatingIfNeeded: product >> 32)
    }

    /// Puts `values` into a random order, each equally likely: Fisher–Yates from the last place downward.
    /// - Precondition: at most 2³² − 1 values.
    package mutating func shuffle<Element>(_ values: inout [Element]) {
        guard values.count > 1 else { return }
        precondition(values.count < UInt32.max, "a shuffle of more than 2^32 - 1 values")
        for last in stride(from: values.count - 1, through: 1, by: -1) {
            values.swapAt(last, Int(bounded(UInt32(last + 1))))
        }
    }
}

/// The order in which the rows 0 ..< count are visited in an epoch (counted from 1): a permutation that depends on
/// (seed, epoch, count) alone.
/// - Precondition: count ≤ 2³¹ − 1.
package func permutation(of count: Int, seed: UInt64, epoch: Int) -> [Int32] {
    precondition(count <= Int(Int32.max), "a permutation of more than 2^31 - 1 rows")
    var rows = (0..<Int32(count)).map { $0 }
    var stream = PhiloxStream(seed: seed, purpose: .shuffle, stream: UInt32(truncatingIfNeeded: epoch))
    stream.shuffle(&rows)
    return rows
}
