/// gzip (RFC 1952), through zlib.
package enum Gzip {
    /// Whether the bytes begin as a gzip file does: 1F 8B, deflate.
    package static func begins(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

    /// The first bytes of what the file holds, at most `count`; fewer where it is shorter or damaged.
    package static func prefix(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        bytes.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
                written = (try? Inflater(.gzip).read(input, into: buffer)) ?? 0
            }
        }
    }

    /// What the file holds: of all its members, one after the other.
    /// - Parameter limit: the most bytes it may become; half of physical memory unless said.
    /// - Throws: `DataError` (`malformed`) for damaged or incomplete data, a wrong CRC or length, bytes after the end,
    ///   or more than `limit`.
    package static func inflate(_ bytes: [UInt8], limit: Int? = nil) throws(DataError) -> [UInt8] {
        let limit = limit ?? Memory.inflationLimit
        return try bytes.withUnsafeBufferPointer { input throws(DataError) in
            var output: [UInt8] = []
            output.reserveCapacity(claimedSize(input, limit: limit))
            let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
            defer { chunk.deallocate() }
            var start = 0
            repeat {
                let rest = UnsafeBufferPointer(rebasing: input[start...])
                guard begins(rest) else {
                    throw DataError(
                        .malformed,
                        start == 0
                            ? "no gzip header"
                            : "\(Visible.count(rest.count, "byte")) after the end of the compressed data")
                }
                let inflater = try Inflater(.gzip)
                while !inflater.hasEnded {
                    let count = try inflater.read(rest, into: chunk)
                    guard output.count <= limit - count else {
                        throw DataError(
                            .malformed, "it inflates to more than the \(Visible.grouped(limit)) bytes that it may")
                    }
                    output.append(contentsOf: chunk[..<count])
                }
                start += inflater.consumed
            } while start < input.count
            return output
        }
    }

    /// What the trailer claims, where that can be; it is a hint about memory, and no more.
    private static func claimedSize(_ input: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
        guard input.count >= 18 else { return 0 }
        let size = input.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        let (most, overflow) = input.count.multipliedReportingOverflow(by: Inflater.largestRatio)
        return size <= limit && (overflow || size <= most) ? size : 0
    }
}
