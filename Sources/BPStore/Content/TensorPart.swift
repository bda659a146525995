/// A part of one of several tensors, which becomes a chunk.
package struct TensorPart {
    package let tensor: Int
    package let part: Int
    package let range: Range<Int>

    /// The number of chunks that hold a tensor of this size; 0 for an impossible size.
    package static func count(ofBytes bytes: Int) -> Int {
        max(0, bytes / Limit.chunk + (bytes % Limit.chunk > 0 ? 1 : 0))
    }

    /// The parts of tensors of these sizes, in groups that each fit one transaction; at least one group.
    package static func groups(ofSizes sizes: [Int]) -> [[TensorPart]] {
        var groups: [[TensorPart]] = [[]]
        var filled = 0
        for (tensor, size) in sizes.enumerated() {
            for part in 0..<count(ofBytes: size) {
                let range = part * Limit.chunk..<min(size, (part + 1) * Limit.chunk)
                if filled + range.count > Limit.transaction {
                    groups.append([])
                    filled = 0
                }
                groups[groups.count - 1].append(TensorPart(tensor: tensor, part: part, range: range))
                filled += range.count
            }
        }
        return groups
    }
}
