import BPText
import BPReport
import BPTraining

extension Failure {
    /// A command line that ArgumentParser refuses, in our three lines.
    /// - Parameters:
    ///   - message: ArgumentParser's message.
    ///   - arguments: the words that were parsed; the first that is a command selects the help.
    ///   - typed: the words behind the program's name, if they were in another order.
    init(parsing message: String, arguments: [String], typed: [String]? = nil) {
        let place = "the command line: bpreg " + (typed ?? arguments).map(ShellText.quoted).joined(separator: " ")
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
            let meant = CommonNames.command(word) ?? NearNames.of(word, among: commands).first.map { [$0] }
            self.init(
                .usage, "there is no command \"\(word)\"",
                at: place,
                next: meant.map { MisplacedWords.command($0 + arguments.dropFirst()) ?? "bpreg \($0[0]) --help" }
                    ?? "bpreg --help")
            return
        }
        let what = lines.joined(separator: "; ")
        let quoted = what.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        if let option = OptionSlip.unknownOption(what) {
            self.init(
                .usage, "unknown option \(option)", at: place,
                next: MisplacedWords.next(arguments, refused: option)
                    ?? OptionSlip.advice(option, in: arguments, of: command.flatMap(Root.subcommand))
                    ?? "bpreg " + (command.map { $0 + " " } ?? "") + "--help")
            return
        }
        let accepted =
            what.hasPrefix("The value '") && quoted.count > 3
            ? Failure.accepted(quoted[quoted.count - 2], quoted[1]).map { "; it takes \($0)" } : nil
        self.init(
            .usage, what.prefix(1).lowercased() + what.dropFirst() + (accepted ?? ""), at: place,
            next: MisplacedWords.next(arguments, refused: quoted.count > 2 ? quoted[1] : "")
                ?? "bpreg " + (command.map { $0 + " " } ?? "") + "--help")
    }

    /// The values that an option takes, in words, by the placeholder in its help: `--learning-rate <x>`. For a number that
    /// is out of range these are its limits.
    private static func accepted(_ declaration: String, _ value: String) -> String? {
        guard let open = declaration.lastIndex(of: "<"), declaration.hasSuffix(">") else { return nil }
        let placeholder = declaration[declaration.index(after: open)...].dropLast()
        if isBeyond(value), placeholder != "32,16" {
            let option = declaration[..<open].split(separator: " ").last.map(String.init)
            switch placeholder {
            case "x", "f", "seconds":
                return "0, or a decimal number of at least \(Double.leastNonzeroMagnitude) and at most "
                    + "\(Double.greatestFiniteMagnitude)"
            default:
                let setting = SettingCatalogue.training.settings.first { $0.option == option }
                return setting?.allowed ?? "whole numbers of at most \(Int.max)"
                    + (placeholder == "bytes" ? " bytes" : "")
            }
        }
        return switch placeholder {
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

    /// Whether the value is a number, or numbers, one of which the program cannot hold: 1e400, 18446744073709551615.
    private static func isBeyond(_ value: String) -> Bool {
        let sign = value.first == "-" || value.first == "+"
        if let number = Double(value), value.contains(where: { ".eE".contains($0) }),
            !value.contains(where: { "xXpPn".contains($0) })
        {
            return !number.isFinite || number == 0
        }
        let parts = value.dropFirst(sign ? 1 : 0).split(separator: ",")
        guard let first = parts.first, first.first?.isNumber == true else { return false }
        return parts.contains { part in
            let digits = part.prefix { ("0"..."9").contains($0) }
            // With a unit of bytes a number of fewer digits may be too large.
            let unit = part.dropFirst(digits.count).uppercased()
            guard ["", "B", "KB", "MB", "GB", "KIB", "MIB", "GIB"].contains(unit), !digits.isEmpty else { return false }
            return Int(digits) == nil || (!unit.isEmpty && ByteCount(argument: String(part)) == nil)
        }
    }
}
