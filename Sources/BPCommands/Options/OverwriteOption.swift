import ArgumentParser
import BPReport

/// The option of commands that write a file a person named.
struct OverwriteOption: ParsableArguments {
    @Flag(help: "Replace a file that is there.")
    var force = false

    /// Whether the file at `path` is to be replaced: false if nothing is there, true if `--force` was given or the person
    /// at the terminal said yes.
    ///
    /// Call it before the work, so that a question does not come after an hour. A writer that got false refuses a file
    /// that has appeared in between.
    ///
    /// - Throws: `NotConfirmed` if a file is there that may not be replaced; `Failure` if it is no file.
    func mayReplace(_ path: String, asking confirmation: Confirmation = .terminal) throws -> Bool {
        guard try NamedFile.isTaken(path) else { return false }
        try confirmation.ask(
            NamedFile.replacement(of: path), at: ShellText.quoted(path), given: force, option: "--force")
        return true
    }
}
