import BPInterchange

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that a person asked for by name.
enum NamedFile {
    /// An output that goes to `path`: a file that is there, whole, when the output is finished, in place of one that was.
    /// A device or a pipe is written as it comes; `-` is standard output.
    static func output(_ path: String) throws -> Output {
        if path == "-" { return .standard() }
        try refuseRegistry(path)
        var status = stat()
        guard stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
            let file = try AtomicFile(path, replace: true)
            return Output(sink: { try file.write($0) }, end: { try file.finish() })
        }
        return try stream(path)
    }

    private static func stream(_ path: String) throws -> Output {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw NamedFile.failure(path, errno) }
        return Output { bytes in
            do { try Output.write(bytes, to: descriptor) } catch let error as OutputFailed {
                throw NamedFile.failure(path, error.number)
            }
        }
    }

    /// Refuses a registry, and what SQLite keeps beside a database, as the file to write: no option replaces these.
    static func refuseRegistry(_ path: String) throws {
        guard path != "-" else {
            throw Failure(
                .usage, "- stands for standard output, to which no such file goes", at: "-",
                next: "name a file; one of this name is ./-")
        }
        try refuseCompanion(path)
        guard let file = try? InputFile(path), file.size >= 72, try file.bytes(at: 0, count: 16) == magic,
            try file.bytes(at: 68, count: 4) == Array("bprg".utf8)
        else { return }
        throw Failure(
            .usage, "\(path) is a registry, and cannot be replaced", at: ShellText.quoted(path),
            next: "name another file")
    }

    /// Refuses the log, the log's index and the journal of a database as the file to write.
    static func refuseCompanion(_ path: String) throws {
        let resolved = realpath(path, nil).map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        }
        for name in [path, resolved ?? path] {
            guard let suffix = ["-wal", "-shm", "-journal"].first(where: { name.hasSuffix($0) }) else { continue }
            let database = String(name.dropLast(suffix.count))
            guard let file = try? InputFile(database), file.size >= 16, try file.bytes(at: 0, count: 16) == magic else {
                continue
            }
            throw Failure(
                .usage, "\(path) belongs to the database \(database), and cannot be written",
                at: ShellText.quoted(path), next: "name another file")
        }
    }

    /// Whether two names lead to one file that is there.
    static func isSame(_ one: String, _ other: String) -> Bool {
        var (mine, theirs) = (stat(), stat())
        return stat(one, &mine) == 0 && stat(other, &theirs) == 0 && mine.st_dev == theirs.st_dev
            && mine.st_ino == theirs.st_ino
    }

    /// How every SQLite file begins.
    static let magic = Array("SQLite format 3\0".utf8)

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
