import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file's bytes, read in full: a mapped file that somebody shortens would end the process.
enum FileBytes {
    /// The most that is read from a pipe or device, whose end cannot be known before.
    static let pipeLimit = 2 << 30

    /// Whether something lies at the path.
    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// - Throws: `DataError` (`unreadable`) with the system's reason.
    static func read(path: String) throws(DataError) -> [UInt8] {
        func refuse(_ message: String) -> DataError { DataError(.unreadable, message, file: path) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refuse("cannot be opened: \(SystemError())") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw refuse("cannot be examined: \(SystemError())") }
        let kind = status.st_mode & S_IFMT
        guard kind != S_IFDIR else { throw refuse("is a directory") }
        let isRegular = kind == S_IFREG
        let limit = isRegular ? Memory.physical : pipeLimit

        var bytes: [UInt8] = []
        let size = isRegular ? Int(status.st_size) : 0
        if size <= limit { bytes.reserveCapacity(size) }
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = systemRead(descriptor, chunk.baseAddress, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw refuse("cannot be read: \(SystemError())") }
            if count == 0 { return bytes }
            guard bytes.count <= limit - count else {
                throw refuse("has more than the \(Visible.grouped(limit)) bytes that can be read here")
            }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}

/// read(2), which the method of that name would hide.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
