import ArgumentParser
import BPReport

/// The words of a command's help. All commands have the same parts, so that their pages read alike.
struct Help: Sendable {
    /// A command that can be pasted.
    struct Example: Sendable {
        /// The whole command, `bpreg` included.
        let command: String
        /// The effect, printed as a comment; empty if the command says it.
        let remark: String
    }

    /// The command's name.
    let name: String
    /// The effect in the imperative, without a full stop. It fits a line of the list of commands.
    let sentence: String
    /// The forms of the command, one a line.
    let usage: [String]
    let examples: [Example]
    /// Paragraphs on what a reader of the options would not expect.
    let notes: [String]
    /// The exit codes that the command can give, in ascending order.
    let exits: [ExitStatus]
    /// The page with the rest, as a path in the project.
    let page: String
    private let meanings: [ExitStatus: String]

    /// - Parameters:
    ///   - usage: the forms, one a line.
    ///   - notes: paragraphs, with an empty line between them.
    ///   - exits: lists of exit codes, which may overlap.
    ///   - meanings: of exit codes whose general meaning is too vague for this command.
    init(
        _ name: String, _ sentence: String, usage: String, examples: [(command: String, remark: String)],
        notes: String = "", exits: [ExitStatus]..., meaning meanings: [ExitStatus: String] = [:], page: String
    ) {
        self.name = name
        self.sentence = sentence
        self.usage = usage.split(separator: "\n").map(String.init)
        self.examples = examples.map { Example(command: $0.command, remark: $0.remark) }
        self.notes = Help.paragraphs(notes)
        self.exits = Set(exits.joined()).sorted { $0.rawValue < $1.rawValue }
        self.meanings = meanings
        self.page = page
    }

    /// What ArgumentParser needs to know. It prints none of it: `HelpPage` does.
    var configuration: CommandConfiguration {
        CommandConfiguration(commandName: name, abstract: sentence, usage: usage.joined(separator: "\n"))
    }

    /// The meaning of an exit code of this command.
    func meaning(of status: ExitStatus) -> String { meanings[status] ?? status.meaning }

    private static func paragraphs(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).split(separator: "").map { lines in
            lines.joined(separator: " ")
        }
    }
}

extension [ExitStatus] {
    /// The codes of commands that only read files.
    static var file: [ExitStatus] { [.done, .failed, .storage, .usage, .badData] }
    /// The codes of commands that read or change a registry.
    static var registry: [ExitStatus] { [.done, .failed, .noRegistry, .schema, .damaged, .storage, .usage] }
    /// The codes of commands that may have to recompute a state, from data that may be in a file.
    static var computing: [ExitStatus] { registry + [.notReproducible, .badData] }
    /// The codes of commands that end cleanly at a signal.
    static var signals: [ExitStatus] { [.hangup, .interrupt, .terminate] }
}
