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
        // ArgumentParser knows the options: "Unknown option '--taget'. Did you mean '--target'?"
        let quoted = what.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        let meant =
            quoted.count == 5 && quoted[2].contains("Did you mean")
            ? ShellText.command(arguments, replacing: quoted[1], with: quoted[3]) : nil
        self.init(
            .usage, what.prefix(1).lowercased() + what.dropFirst(),
            at: "the command line: bpreg " + arguments.map(ShellText.quoted).joined(separator: " "),
            next: meant ?? "bpreg " + (command.map { $0 + " " } ?? "") + "--help")
    }
}
