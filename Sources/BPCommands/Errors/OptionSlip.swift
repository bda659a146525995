import ArgumentParser
import BPReport
import BPText
import BPTraining

/// An option that a command does not have, and the one that was meant.
///
/// ArgumentParser proposes the nearest option, however far it is, and people paste it with the value that they typed:
/// `--lr 3` became `--from 3`, a fork of run 3. Here the names of the field come first, then spellings that differ by at
/// most two letters, and only options that take the value.
struct OptionSlip {
    /// The words of the command to type next; nil if nothing is near.
    private(set) var words: [String]?
    /// Advice in words; nil if there is none.
    private(set) var hint: String?

    /// The command with all its slips corrected, or advice; nil if nothing is near.
    static func advice(_ typed: String, in arguments: [String], of command: (any ParsableCommand.Type)?) -> String? {
        var (slip, arguments) = (OptionSlip(typed, in: arguments, of: command), arguments)
        // Each step corrects one word.
        for _ in 0..<arguments.count {
            guard let words = slip.words else { return slip.hint }
            arguments = words
            do {
                _ = try Root.parseAsRoot(words)
                return "bpreg " + words.map(ShellText.quoted).joined(separator: " ")
            } catch {
                guard let next = unknownOption(Root.message(for: error)) else { return nil }
                slip = OptionSlip(next, in: words, of: command)
            }
        }
        return nil
    }

    /// The option that ArgumentParser does not know, by its message.
    static func unknownOption(_ message: String) -> String? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        return parts.count > 2 && parts[0].hasSuffix("Unknown option ") ? String(parts[1]) : nil
    }

    /// - Parameters:
    ///   - typed: the option as it was typed, such as `--lr`; a value behind `=` is left out.
    ///   - command: the command that does not have it.
    private init(_ typed: String, in arguments: [String], of command: (any ParsableCommand.Type)?) {
        guard let command else { return }
        let name = String(typed.prefix { $0 != "=" })
        let place = arguments.firstIndex { $0 == name || $0.hasPrefix(name + "=") }
        let joined = place.map { arguments[$0].contains("=") } ?? false
        let value: String? = place.flatMap { place in
            joined
                ? String(arguments[place].drop { $0 != "=" }.dropFirst())
                : arguments.dropFirst(place + 1).first.flatMap { $0.hasPrefix("--") ? nil : $0 }
        }
        let options = TypedOptions.declarations(of: command)
        let flags = TypedOptions.flags(of: command)
        /// The value as the option takes it: "Adam" is adam. nil if it does not take it; empty for a flag.
        func taken(_ option: String) -> String? {
            guard let declared = options.first(where: { $0.names.contains(option) }) else {
                return flags.contains(option) && !joined ? "" : nil
            }
            guard let value else { return nil }
            let spellings = [value, value.lowercased(), CommonNames.value(of: option, value)].compactMap { $0 }
            return spellings.first { OptionSlip.accepts($0, option, valueName: declared.valueName) }
        }
        func takes(_ option: String) -> Bool { taken(option) != nil }
        func again(with option: String) -> [String]? {
            guard let place, let value = taken(option) else { return nil }
            var words = arguments
            words[place] = joined ? "\(option)=\(value)" : option
            if !joined, !value.isEmpty { words[place + 1] = value }
            return words
        }
        let all = options.flatMap(\.names) + flags
        if let common = CommonNames.option(name).map({ "--" + $0 }), all.contains(common) {
            if takes(common) { words = again(with: common) } else { hint = "for \(name), did you mean \(common)?" }
        } else if let advice = CommonNames.advice(name) {
            hint = advice
        } else {
            // Of a short word half the letters would be others: --foo is not --from.
            let near = NearNames.of(name, among: all.filter { $0.hasPrefix("--") }, within: name.count < 7 ? 1 : 2)
                .filter(takes)
            words = near.first.flatMap(again)
        }
    }

    /// Whether a value is of the kind that an option takes.
    private static func accepts(_ value: String, _ option: String, valueName: String) -> Bool {
        guard let setting = SettingCatalogue.training.settings.first(where: { $0.option == option }) else {
            return ["n", "k", "id", "from", "to"].contains(valueName) ? Int(value) != nil : true
        }
        return switch setting.kind {
        case .number: DecimalNumber(argument: value) != nil
        case .count: Int(value).map { $0 >= setting.least ?? .min } ?? false
        case .bytes: ByteCount(argument: value) != nil
        case .units: UnitList(argument: value) != nil
        case .batch: BatchChoice(argument: value) != nil
        case .flag: Switch(argument: value) != nil
        case .names(let names): names.contains(value)
        case .text, .list: true
        }
    }
}

extension Root {
    /// The command of this name.
    static func subcommand(_ name: String) -> (any ParsableCommand.Type)? {
        configuration.subcommands.first { $0.configuration.commandName == name }
    }
}
