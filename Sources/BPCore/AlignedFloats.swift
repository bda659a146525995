import CBPKernels

/// Floats at an address that is a multiple of 64, all 0 at first. Owns its memory, which goes on to the next multiple of
/// 16 floats.
final class AlignedFloats {
    let start: UnsafeMutablePointer<Float>
    let count: Int
    private let bytes: Int

    init(count: Int) throws(CoreError) {
        let bytes = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        guard !bytes.overflow else { throw .tooLarge("a buffer of \(count) numbers") }
        guard let start = bp_allocate(bytes.partialValue) else { throw .allocation(bytes: bytes.partialValue) }
        self.start = start
        self.count = count
        self.bytes = bytes.partialValue
    }

    deinit { bp_release(start, bytes) }

    func copy(from other: AlignedFloats) { start.update(from: other.start, count: count) }
}
