/// The counter-based generator Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
///
/// It has no state: a block of four words is a function of a 64-bit key, here the seed, and a 128-bit counter, here
/// what the words are for and which ones. So a draw can be made again at any time, in any order.
package struct Philox4x32: Sendable {
    /// Four words of 32 random bits.
    package typealias Block = (UInt32, UInt32, UInt32, UInt32)

    /// Ten rounds over `counter` with `key`, as the authors publish them.
    package static func block(counter: Block, key: (UInt32, UInt32)) -> Block {
        var (c, k) = (counter, key)
        for round in 0..<10 {
            if round > 0 { k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85) }
            let first = UInt64(0xD251_1F53) &* UInt64(c.0)
            let second = UInt64(0xCD9E_8D57) &* UInt64(c.2)
            c = (
                UInt32(truncatingIfNeeded: second >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: first)
            )
        }
        return c
    }

    private let key: (UInt32, UInt32)
    private let stream: UInt32
    private let purpose: Purpose

    /// The words of one purpose and stream, such as the shuffle of one epoch or the weights of one layer.
    package init(seed: UInt64, purpose: Purpose, stream: UInt32) {
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        self.stream = stream
        self.purpose = purpose
    }

    /// Block `index` of this stream: the counter is (index low, index high, stream, purpose).
    package func block(at index: UInt64) -> Block {
        Philox4x32.block(
            counter: (
                UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), stream, purpose.rawValue
            ),
            key: key)
    }
}

/// What random words are for: part of the counter, so that no two purposes share a word.
package enum Purpose: UInt32, Sendable {
    /// First weights; the stream is the layer, counted from 0.
    case weights = 1
    /// The order of the rows in an epoch; the stream is the epoch, counted from 1.
    case shuffle = 2
    /// The split into training, validation and test rows.
    case split = 3
    /// Dropout masks.
    case dropout = 4
}
