import BPRegistry
import BPStore

/// Divides losses, which come in pieces, into the blocks of a segment, and chains them.
struct LossBlocks {
    private let run: UUIDv7
    private let segment: SegmentRecord
    private var losses: [UInt8] = []
    private var block = 0
    /// The chain up to the last block that was completed.
    private(set) var chain: SHA256Digest

    init(run: UUIDv7, _ segment: SegmentRecord) {
        (self.run, self.segment) = (run, segment)
        chain = segment.chainStart
    }

    /// Calls `body` with each block that these bytes complete.
    mutating func append(_ bytes: UnsafeRawBufferPointer, _ body: (BlockRow) throws -> Void) rethrows {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(4 * BlockRow.capacity - losses.count)
            losses.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
            if losses.count == 4 * BlockRow.capacity { try complete(body) }
        }
    }

    /// Calls `body` with the last block, if one is begun.
    mutating func finish(_ body: (BlockRow) throws -> Void) rethrows { if !losses.isEmpty { try complete(body) } }

    private mutating func complete(_ body: (BlockRow) throws -> Void) rethrows {
        let start = segment.firstIteration + block * BlockRow.capacity
        chain = Chain.next(after: chain, run: run, segment: segment.number, firstIteration: start, losses: losses)
        try body(
            BlockRow(
                run: segment.run, segment: segment.number, block: block, firstIteration: start,
                count: losses.count / 4, chain: chain, losses: losses))
        block += 1
        losses.removeAll(keepingCapacity: true)
    }
}
