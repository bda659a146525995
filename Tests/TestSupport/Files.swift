#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files of one directory, without subdirectories.
public struct Files: Sendable {
    /// The directory.
    public let directory: String

    /// The files of `directory`.
    public init(_ directory: String) { self.directory = directory }

    /// The path of `name`.
    public func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// What lies in the directory, sorted.
    public var names: [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// All bytes of `name`; none if there is no such file.
    public func read(_ name: String) -> [UInt8] {
        let descriptor = open(path(name), O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var status = stat()
        // A FIFO, which the tests make too, would otherwise be waited on.
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let got = pread(descriptor, buffer.baseAddress! + count, buffer.count - count, off_t(count))
                if got <= 0 { break }
                count += got
            }
        }
    }

    /// Makes `name`, or replaces what it holds.
    public func write(_ bytes: [UInt8], to name: String) {
        let descriptor = open(path(name), O_WRONLY | O_CREAT, 0o600)
        precondition(descriptor >= 0, "cannot write \(path(name))")
        defer { close(descriptor) }
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                #if canImport(Glibc)
                    let count = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
                #else
                    let count = Darwin.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
                #endif
                precondition(count > 0, "cannot write \(path(name))")
                done += count
            }
        }
        // Cut at the end, not at the beginning: the pages of the old contents are used again, which is faster.
        ftruncate(descriptor, off_t(bytes.count))
    }

    /// Removes `name`.
    public func remove(_ name: String) { unlink(path(name)) }
}
