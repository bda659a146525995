import BPText
import BPReport

extension Failure {
    /// A command line that ArgumentParser refuses, in our three lines.
    /// - Parameters:
    ///   - message: ArgumentParser's message.
    ///   - arguments: the words behind the program's name; the first that is a command selects the help.
    init(parsing message: String, arguments: [String]) {
        let commands = Root.configuration.subcommands.compactMap { $0.configuration.commandName }
        let command = arguments.first { commands.contains($0) }
        let lines = message.split(separator: "\n").map { line in
            var text = line[...]
            while text.first == " " { text.removeFirst() }
            if text.hasPrefix("Error: ") { text = text.dropFirst("Error: ".count) }
            while text.hasSuffix(".") { text.removeLast() }
            return String(text)
        }.filter { !$0.isEmpty }
        if let word = arguments.first, !word.hasPrefix("-"), !commands.contains(word), word != "help" {
            let near = NearNames.of(word, among: commands).first
            self.init(
                .usage, "there is no command \"\(word)\"; the commands are " + commands.joined(separator: ", "),
                at: "the command line: bpreg " + arguments.map(ShellText.quoted).joined(separator: " "),
                next: near.map {
                    "bpreg " + ([$0] + arguments.dropFirst()).map(ShellText.quoted).joined(separator: " ")
                }
                    ?? "bpreg --help")
            return
        }
        let what = lines.joined(separator: "; ")
        let quoted = what.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        let place = "the command line: bpreg " + arguments.map(ShellText.quoted).joined(separator: " ")
        if let option = OptionSlip.unknownOption(what) {
            self.init(
                .usage, "unknown option \(option)", at: place,
                next: OptionSlip.advice(option, in: arguments, of: command.flatMap(Root.subcommand))
                    ?? "bpreg " + (command.map { $0 + " " } ?? "") + "--help")
            return
        }
        let accepted =
            what.hasPrefix("The value '") && quoted.count > 3
            ? Failure.accepted(quoted[quoted.count - 2]).map { "; it takes \($0)" } : nil
        self.init(
            .usage, what.prefix(1).lowercased() + what.dropFirst() + (accepted ?? ""), at: place,
            next: "bpreg " + (command.map { $0 + " " } ?? "") + "--help")
    }

    /// The values that an option takes, in words, by the placeholder in its help: `--learning-rate <x>`.
    private static func accepted(_ declaration: String) -> String? {
        guard let open = declaration.lastIndex(of: "<"), declaration.hasSuffix(">") else { return nil }
        return switch declaration[declaration.index(after: open)...].dropLast() {
        case "x", "f", "seconds": "a decimal number such as 0.01 or 1e-3"
        case "n", "k", "id", "from", "to": "a whole number such as 10"
        case "n|all": "a whole number such as 10, or all"
        case "32,16": "whole numbers separated by commas, such as 32,16, or none"
        case "bytes": "a whole number of bytes, such as 1000000, 500MB or 2GiB"
        case "on|off": "on or off"
        case "column=type": "a column and its type, such as zip=text"
        default: nil
        }
    }
}
