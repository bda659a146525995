import ArgumentParser
import BPRegistry

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a command takes that writes a file a person named.
struct OverwriteOption: ParsableArguments {
    @Flag(help: "Replace a file that is there.")
    var force = false

    /// Refuses the archive that holds weights which are not in the registry any more: what is in it is their only copy.
    static func refuseArchive(_ path: String, in registry: Registry) throws {
        guard let resolved = realpath(path, nil) else { return }
        defer { free(resolved) }
        let file = String(cString: resolved)
        guard let archive = try registry.archives().first(where: { $0.path == file }) else { return }
        throw Failure(
            .usage,
            "\(path) is the only copy of weights that the registry names (\(NumberText.counted(archive.tensors, "tensor")))"
                + ", and cannot be replaced",
            at: ShellText.quoted(path), next: "name another file")
    }

    /// Whether the file at `path` is to be replaced: nothing is there (false), or `--force` was given, or the person at
    /// the terminal said yes (true).
    ///
    /// Called before the work, so that nobody waits for an hour to be asked. Whoever then writes with the answer false
    /// refuses a file that has come up in between.
    ///
    /// - Throws: `NotConfirmed` where a file is there and nobody allows it to go (exit code 64, and the command to type);
    ///   `Failure` where what is there is no file, which no option replaces.
    func mayReplace(_ path: String, asking confirmation: Confirmation = .terminal) throws -> Bool {
        let place = ShellText.quoted(path)
        guard !path.isEmpty else { throw Failure(.usage, "the name of a file is empty", at: "''", next: "name a file") }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else {
                throw Failure(
                    .storage, "\(path) cannot be written: \(SystemText.message(errno))", at: place,
                    next: "name another file")
            }
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
        try confirmation.ask(
            "\(path) is there already and would be replaced", at: place, given: force, option: "--force")
        return true
    }
}
