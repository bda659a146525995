import BPSystem
package import BPRegistry
import BPTraining

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// The rule about files that are there already.
extension NamedFile {
    /// Refuses to replace what may be the only copy of something that the registry names: weights in an archive, or data
    /// of which it keeps only the hash. No option replaces these.
    package static func refuseOnlyCopy(_ path: String, in registry: Registry) throws {
        try refuseArchive(path, in: registry)
        guard FilePath.resolved(path) != nil, let run = try registry.run(needing: path, isSame: { isSame($0, path) })
        else { return }
        throw Failure(
            .usage,
            "\(path) is recorded as the data of run \(run), of which the registry keeps only the hash, and cannot be "
                + "replaced", at: ShellText.quoted(path), next: "name another file")
    }

    private static func refuseArchive(_ path: String, in registry: Registry) throws {
        guard let file = FilePath.resolved(path),
            let archive = try registry.archives().first(where: {
                $0.path == file || FilePath.resolved($0.place) == file
            })
        else { return }
        throw Failure(
            .usage,
            "\(path) is the only copy of weights that the registry names (\(NumberText.counted(archive.tensors, "tensor")))"
                + ", and cannot be replaced",
            at: ShellText.quoted(path), next: "name another file")
    }

    /// Whether a file is there, which a person may allow to be replaced.
    /// - Throws: `Failure` if a folder or a device is there, which no option replaces, or if the place cannot be looked at.
    package static func isTaken(_ path: String) throws -> Bool {
        let place = ShellText.quoted(path)
        guard !path.isEmpty else { throw Failure(.usage, "the name of a file is empty", at: "''", next: "name a file") }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw unwritable(path, errno) }
            return false
        }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFLNK else {
            throw Failure(
                .usage, "\(path) is \(kind == S_IFDIR ? "a folder" : "no file"), and cannot be replaced", at: place,
                next: kind == S_IFDIR
                    ? "name a file in it: \(ShellText.quoted(path + (path.hasSuffix("/") ? "" : "/") + "NAME"))"
                    : "name another file")
        }
        return true
    }

    /// The question before a file is replaced.
    package static func replacement(of path: String) -> String { "\(path) exists and would be replaced" }
}
