import ArgumentParser
import BPReport

/// Options that may stand before the command: `bpreg --registry x.sqlite runs` means `bpreg runs --registry x.sqlite`.
///
/// They are moved behind the command before anything is parsed, so that each command declares its own options and commands
/// to type next can be made of one order of words.
enum LeadingOptions {
    /// An option of all commands, or of most.
    struct Global: Sendable {
        let name: String
        let valueName: String?
        let text: String
        var short: String?

        /// The spelling in help.
        var label: String { (short.map { $0 + ", " } ?? "") + name + (valueName.map { " <\($0)>" } ?? "") }
    }

    static let registry = Global(
        name: "--registry", valueName: "path",
        text: "Registry file (default: $BPREG_REGISTRY, or ./bpreg.sqlite)")
    static let json = Global(name: "--json", valueName: nil, text: "Print JSON instead of text")
    static let csv = Global(name: "--csv", valueName: nil, text: "Print CSV instead of a table")
    static let help = Global(name: "--help", valueName: nil, text: "Show help and exit", short: "-h")
    static let version = Global(name: "--version", valueName: nil, text: "Show the version and exit")

    /// In the order of the help.
    static let all = [registry, json, csv, help, version]
    /// Those that change what a command does.
    private static let movable = [registry, json, csv]

    /// The typed words with the command first.
    /// - Throws: `Failure` if an option lacks its value or its command, is unknown to the command, or is given twice.
    static func behindCommand(_ typed: [String]) throws -> [String] {
        let place = "the command line: bpreg " + typed.map(ShellText.quoted).joined(separator: " ")
        var (options, names, rest) = ([String](), [String](), typed[...])
        while let word = rest.first, let option = movable.first(where: { $0.matches(word) }) {
            rest.removeFirst()
            names.append(option.name)
            options.append(word)
            guard word == option.name, option.valueName != nil else { continue }
            guard let value = rest.popFirst(), !value.hasPrefix("-") else {
                throw Failure(.usage, "\(option.name) needs a path", at: place, next: "bpreg --help")
            }
            options.append(value)
        }
        guard let last = names.last else { return typed }
        guard let command = rest.popFirst() else {
            throw Failure(.usage, "there is no command after \(last)", at: place, next: "bpreg --help")
        }
        // Help and the version are shown whatever stands before them.
        if ["help", "-h", "--help", "--version"].contains(command) { return [command] + rest }
        if command.hasPrefix("-") { return typed }
        if let type = Root.subcommand(command) {
            let known = DeclaredArgument.all(of: type).flatMap(\.names)
            if let unknown = names.first(where: { !known.contains($0) }) {
                throw Failure(
                    .usage, "the command \(command) has no option \(unknown)", at: place,
                    next: "bpreg \(command) --help")
            }
        }
        let isTwice = movable.first { option in
            option.valueName == nil && names.contains(option.name)
                && rest.prefix { $0 != "--" }.contains(option.name)
        }
        if let isTwice {
            throw Failure(
                .usage, "\(isTwice.name) is given twice, before and after the command", at: place,
                next: "bpreg "
                    + ([command] + options.filter { $0 != isTwice.name } + rest).map(ShellText.quoted)
                    .joined(separator: " "))
        }
        return [command] + options + rest
    }
}

extension LeadingOptions.Global {
    /// Whether a word is this option, with its value behind `=` or without.
    fileprivate func matches(_ word: String) -> Bool {
        word == name || (valueName != nil && word.hasPrefix(name + "="))
    }
}
