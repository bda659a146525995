#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that a person asked for by name.
enum NamedFile {
    /// An output that goes to `path`, which is made or emptied.
    static func output(_ path: String) throws -> Output {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw NamedFile.failure(path, errno) }
        return Output { bytes in
            do { try Output.write(bytes, to: descriptor) } catch let error as OutputFailed {
                throw NamedFile.failure(path, error.number)
            }
        }
    }

    /// The path of a table that a person named: `-` is standard input.
    static func input(_ name: String) -> String { name == "-" ? standardInput : name }

    /// Standard input as a path.
    static let standardInput = "/dev/stdin"

    /// The last part of a path.
    static func name(of path: String) -> String { path.split(separator: "/").last.map { String($0) } ?? path }

    /// The last part of a path, without what follows its last point.
    static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    private static func failure(_ path: String, _ number: Int32) -> Failure {
        Failure(
            .storage, "\(path) cannot be written: \(SystemText.message(number))", at: ShellText.quoted(path),
            next: "name another file")
    }
}

/// Parameters as bytes.
enum WeightsFile {
    /// Writes them as little-endian float32: the bytes whose SHA-256 is `weights_sha256`.
    static func write(_ parameters: [Float], to path: String) throws {
        let output = try NamedFile.output(path)
        for start in stride(from: 0, to: parameters.count, by: 1 << 16) {
            let bytes = parameters[start..<min(start + 1 << 16, parameters.count)].flatMap { value in
                withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
            }
            try output.write(bytes: bytes)
        }
        try output.finish()
    }
}
