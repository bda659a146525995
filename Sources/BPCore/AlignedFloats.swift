#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Floats at an address that is a multiple of 64, all 0 at first. Owns its memory.
final class AlignedFloats {
    let start: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) throws(CoreError) {
        let bytes = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        guard !bytes.overflow else { throw .tooLarge("a buffer of \(count) numbers") }
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, 64, bytes.partialValue) == 0, let memory else {
            throw .allocation(bytes: bytes.partialValue)
        }
        memset(memory, 0, bytes.partialValue)
        start = memory.bindMemory(to: Float.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { free(start) }

    func copy(from other: AlignedFloats) { start.update(from: other.start, count: count) }
}
