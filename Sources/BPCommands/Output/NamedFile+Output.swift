import BPInterchange
import BPRegistry
import BPReport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension OverwriteOption {
    /// An output that goes to `path`, by the rule of every file that a person names. The file is written beside it and takes
    /// its place when the output is finished. A device or a pipe is written as the bytes come, and `-` is standard output.
    /// - Throws: as `mayReplace`, and `FileError`.
    func output(_ path: String, in registry: Registry, reading inputs: [String?] = []) throws -> Output {
        if NamedFile.isStandardOutput(path) { return .standard() }
        var status = stat()
        if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            return try NamedFile.stream(path)
        }
        let file = try AtomicFile(path, replace: mayReplace(path, in: registry, reading: inputs))
        return Output(sink: { try file.write($0) }, end: { try file.finish() })
    }
}

extension NamedFile {
    /// Whether an output file's name means standard output.
    static func isStandardOutput(_ path: String) -> Bool { path == "-" || path == "/dev/stdout" }

    fileprivate static func stream(_ path: String) throws -> Output {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw NamedFile.unwritable(path, errno) }
        return Output { bytes in
            do { try Output.write(bytes, to: descriptor) } catch let error as OutputFailed {
                throw NamedFile.unwritable(path, error.number)
            }
        }
    }
}

/// Parameters as bytes.
enum WeightsFile {
    /// Writes them as little-endian float32: the bytes whose SHA-256 is `weights_sha256`.
    static func write(_ parameters: [Float], to output: Output) throws {
        for start in stride(from: 0, to: parameters.count, by: 1 << 16) {
            let bytes = parameters[start..<min(start + 1 << 16, parameters.count)].flatMap { value in
                withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
            }
            try output.write(bytes: bytes)
        }
        try output.finish()
    }
}
