package import BPInterchange
import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that a person asked for by name: their paths, and those that no output replaces.
package enum NamedFile {
    /// Refuses a registry, or a file that SQLite keeps beside a database, as the file to write. No option replaces these.
    package static func refuseRegistry(_ path: String) throws {
        guard path != "-" else {
            throw Failure(
                .usage, "- stands for standard output, to which no such file goes", at: "-",
                next: "name a file; one of this name is ./-")
        }
        try refuseCompanion(path)
        guard let file = try? InputFile(path), file.size >= 72, try isSQLite(file),
            try file.bytes(at: 68, count: 4) == Array("bprg".utf8)
        else { return }
        throw Failure(
            .usage, "\(path) is a registry, and cannot be replaced", at: ShellText.quoted(path),
            next: "name another file")
    }

    /// Refuses the log, the log's index and the journal of a database as the file to write.
    package static func refuseCompanion(_ path: String) throws {
        for name in [path, FilePath.resolved(path) ?? path] {
            guard let suffix = ["-wal", "-shm", "-journal"].first(where: { name.hasSuffix($0) }) else { continue }
            let database = String(name.dropLast(suffix.count))
            guard let file = try? InputFile(database), try isSQLite(file) else { continue }
            throw Failure(
                .usage, "\(path) belongs to the database \(database), and cannot be written",
                at: ShellText.quoted(path), next: "name another file")
        }
    }

    /// Whether a file begins as every SQLite file does.
    package static func isSQLite(_ file: InputFile) throws -> Bool {
        try file.size >= 16 && file.bytes(at: 0, count: 16) == magic
    }

    /// The refusal of a file that the system does not let be written.
    package static func unwritable(_ path: String, _ number: Int32) -> Failure {
        Failure(
            .storage, "\(path) cannot be written: \(SystemError(number))", at: ShellText.quoted(path),
            next: "name another file")
    }

    /// Whether two names lead to one file.
    package static func isSame(_ one: String, _ other: String) -> Bool {
        var (mine, theirs) = (stat(), stat())
        return stat(one, &mine) == 0 && stat(other, &theirs) == 0 && mine.st_dev == theirs.st_dev
            && mine.st_ino == theirs.st_ino
    }

    /// The first bytes of every SQLite file.
    private static let magic = Array("SQLite format 3\0".utf8)

    /// The path of a table that a person named: `-` is standard input.
    package static func input(_ name: String) -> String { name == "-" ? standardInput : name }

    /// Standard input as a path.
    static let standardInput = "/dev/stdin"

    /// The last part of a path.
    package static func name(of path: String) -> String { path.split(separator: "/").last.map { String($0) } ?? path }

    /// The last part of a path without its extension.
    package static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}
