#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A regular file that is read in pieces, from any place: a mapped one that somebody shortens would end the process.
package final class InputFile {
    /// Its path.
    package let path: String
    /// Its bytes when it was opened.
    package let size: Int
    private let descriptor: Int32

    /// Opens the file.
    /// - Throws: `FileError` (`unreadable`).
    package init(_ path: String) throws(FileError) {
        self.path = path
        guard !path.utf8.contains(0) else { throw FileError(.unreadable, path, "is no name of a file") }
        // A FIFO would be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(.unreadable, path, "cannot be opened", number: errno) }
        var status = stat()
        let examined = fstat(descriptor, &status)
        let kind = status.st_mode & S_IFMT
        guard examined == 0, kind == S_IFREG else {
            close(descriptor)
            throw FileError(.unreadable, path, kind == S_IFDIR ? "is a directory" : "is no regular file")
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Fills `buffer` with the bytes from `offset` on.
    /// - Throws: `FileError` (`unreadable`), also where the file has become shorter.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError(.unreadable, path, "cannot be read", number: errno) }
            guard count > 0 else { throw FileError(.unreadable, path, "became shorter while it was read") }
            done += count
        }
    }

    /// The `count` bytes from `offset` on.
    /// - Throws: `FileError` (`unreadable`), also where the file does not reach so far.
    package func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw FileError(.unreadable, path, "ends before byte \(offset) + \(count)")
        }
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileError) {
                try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
                filled = count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Calls `body` with the bytes of `range`, in order, in pieces of at most `limit` bytes.
    /// - Throws: `FileError` (`unreadable`), and what `body` throws.
    package func forEachPiece(
        of range: Range<Int>, limit: Int = 1 << 20, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let piece = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, min(limit, range.count)), alignment: MemoryLayout<UInt64>.alignment)
        defer { piece.deallocate() }
        var start = range.lowerBound
        while start < range.upperBound {
            let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, range.upperBound - start)])
            try read(at: start, into: part)
            try body(UnsafeRawBufferPointer(part))
            start += part.count
        }
    }
}
