import CZlib

/// One stream of zlib's inflate, read piece by piece: nothing is inflated before somebody asks for it.
final class Inflater {
    /// What stands around the deflated data.
    enum Wrapping: Int32 {
        /// Nothing (a zip member).
        case raw = -15
        /// A gzip header and trailer; zlib checks CRC and length.
        case gzip = 31
    }

    /// Deflate makes no more than 1,032 bytes of one.
    static let largestRatio = 1_032
    /// zlib counts in 32 bits.
    private static let piece = 1 << 30

    private var stream = z_stream()
    /// Bytes of the input that were used.
    private(set) var consumed = 0
    /// The stream has come to its end, and its checks have passed.
    private(set) var hasEnded = false

    init(_ wrapping: Wrapping) throws(DataError) {
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, wrapping.rawValue, ZLIB_VERSION, size) == Z_OK else {
            throw DataError(.unreadable, "cannot be inflated: zlib does not start")
        }
    }

    deinit { inflateEnd(&stream) }

    /// Inflates into `output` until it is full or the stream ends.
    /// - Parameter input: the whole input, always the same.
    /// - Returns: the bytes written.
    /// - Throws: `DataError` (`malformed`) for data that are damaged or end too soon.
    func read(_ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) throws(DataError)
        -> Int
    {
        var written = 0
        while written < output.count, !hasEnded {
            let give = min(Inflater.piece, input.count - consumed)
            let take = min(Inflater.piece, output.count - written)
            // zlib does not write to its input.
            stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + consumed) }
            stream.avail_in = UInt32(give)
            stream.next_out = output.baseAddress.map { $0 + written }
            stream.avail_out = UInt32(take)
            let result = inflate(&stream, Z_NO_FLUSH)
            let progress = (used: give - Int(stream.avail_in), made: take - Int(stream.avail_out))
            consumed += progress.used
            written += progress.made
            switch result {
            case Z_STREAM_END: hasEnded = true
            case Z_OK where progress.used + progress.made > 0: break
            case Z_OK, Z_BUF_ERROR:
                throw DataError(
                    .malformed, "the compressed data end after \(Visible.grouped(consumed)) bytes, too soon")
            default:
                let reason = stream.msg.map { String(cString: $0) } ?? "error \(result)"
                throw DataError(
                    .malformed, "the compressed data are damaged at byte \(Visible.grouped(consumed + 1)): \(reason)")
            }
        }
        return written
    }
}
