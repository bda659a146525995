import ArgumentParser
import BPRegistry
import BPReport

/// The option of commands that write a file a person named.
struct OverwriteOption: ParsableArguments {
    @Flag(help: "Replace an existing file")
    var force = false

    /// Whether the file at `path` is to be replaced: false if nothing is there, true if `--force` was given or the person
    /// at the terminal said yes.
    ///
    /// Call it before the work, so that a question does not come after an hour. A writer that got false refuses a file
    /// that has appeared in between.
    ///
    /// - Parameters:
    ///   - inputs: files that the command reads.
    ///   - registries: whether another registry may be replaced, as an older backup.
    /// - Throws: `NotConfirmed` if a file is there that may not be replaced; `Failure` if it is no file, is read, belongs to
    ///   a database, or may be the only copy of something that `registry` names.
    func mayReplace(
        _ path: String, in registry: Registry, reading inputs: [String?] = [], registries: Bool = false,
        asking confirmation: Confirmation = .terminal
    ) throws -> Bool {
        if inputs.contains(where: { $0.map { NamedFile.isSame(path, $0) } ?? false }) {
            throw Failure(
                .usage, "\(path) is read by this command, and cannot be replaced", at: ShellText.quoted(path),
                next: "name another file")
        }
        try registries ? NamedFile.refuseCompanion(path) : NamedFile.refuseRegistry(path)
        try NamedFile.refuseOnlyCopy(path, in: registry)
        return try mayReplace(path, asking: confirmation)
    }

    /// Refuses the option of a command that writes no file.
    /// - Parameter option: the option that names one.
    func check(_ file: String?, option: String) throws {
        guard force, file == nil else { return }
        throw Failure(
            .usage, "--force is about the file that \(option) names, and none is written", at: "--force",
            next: "leave out --force, or name a file with \(option)")
    }

    /// The same, of a file of which nothing else is known.
    func mayReplace(_ path: String, asking confirmation: Confirmation = .terminal) throws -> Bool {
        guard try NamedFile.isTaken(path) else { return false }
        try confirmation.ask(
            NamedFile.replacement(of: path), at: ShellText.quoted(path), given: force, option: "--force")
        return true
    }
}
