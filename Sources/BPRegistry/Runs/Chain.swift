package import BPStore

/// The hash chain over the blocks of losses (docs/design.md, Record 3). It binds each block to the spec, the dataset,
/// the run, the segment and every block before it. Integers are little-endian u64, UUIDs 16 bytes.
package enum Chain {
    /// H₀ of a run's first segment: SHA-256(spec hash ‖ dataset hash).
    static func start(spec: SHA256Digest, dataset: SHA256Digest) -> SHA256Digest {
        SHA256.hash(spec.bytes + dataset.bytes)
    }

    /// H₀ of a segment that has a parent: SHA-256(spec hash ‖ dataset hash ‖ the parent's run ‖ its segment ‖ this
    /// segment's first iteration ‖ the parent's chain up to there).
    static func start(
        spec: SHA256Digest, dataset: SHA256Digest, parentRun: UUIDv7, parentSegment: Int, firstIteration: Int,
        parentChain: SHA256Digest
    ) -> SHA256Digest {
        SHA256.hash(
            spec.bytes + dataset.bytes + parentRun.bytes + bytes(parentSegment) + bytes(firstIteration)
                + parentChain.bytes)
    }

    /// H_k = SHA-256(H_{k−1} ‖ run ‖ segment ‖ first iteration ‖ count ‖ losses).
    package static func next(
        after previous: SHA256Digest, run: UUIDv7, segment: Int, firstIteration: Int, losses: [UInt8]
    ) -> SHA256Digest {
        var hash = SHA256()
        hash.update(previous.bytes)
        hash.update(run.bytes)
        hash.update(bytes(segment) + bytes(firstIteration) + bytes(losses.count / 4))
        hash.update(losses)
        return hash.finish()
    }

    private static func bytes(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(bitPattern: Int64(value)).littleEndian) { Array($0) }
    }
}

extension SegmentRecord {
    /// The chain over the iterations of the segment before `iteration`. It ends within a block if a segment began
    /// there. nil if gc has freed them.
    package func chain(before iteration: Int, in store: Store) throws -> SHA256Digest? {
        let count = iteration - firstIteration
        guard count <= keptIterations else { return nil }
        guard count > 0 else { return chainStart }
        let (block, rest) = (count / BlockRow.capacity, count % BlockRow.capacity)
        let before = block == 0 ? chainStart : try store.blocks.need(run: run, segment: number, block: block - 1).chain
        guard rest > 0 else { return before }
        let row = try store.blocks.need(run: run, segment: number, block: block)
        let uuid = try store.runs.identity(run)?.uuid ?? store.runs.need(run).uuid
        return Chain.next(
            after: before, run: uuid, segment: number, firstIteration: row.firstIteration,
            losses: Array(row.losses.prefix(4 * rest)))
    }
}
