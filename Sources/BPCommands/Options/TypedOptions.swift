import ArgumentParser
import BPReport

/// The options of a command line, in the order in which they were typed, with their declarations.
///
/// ArgumentParser takes the last value of an option that is given twice without a message.
struct TypedOptions {
    /// An option and its values in the order in which they were typed.
    struct Given: Equatable {
        /// Its spellings as they were typed.
        var names: [String]
        var values: [String]
        let valueName: String
        let isRepeating: Bool
    }

    /// The options that were given.
    let given: [Given]

    /// - Parameters:
    ///   - command: the command that the words belong to.
    ///   - words: the words behind the command's name, which ArgumentParser has accepted.
    init(_ command: any ParsableCommand.Type, _ words: some Sequence<String>) {
        let declarations = TypedOptions.declarations(of: command)
        var places: [Int: Int] = [:]
        var found: [Given] = []
        var rest = Array(words)[...]
        while let word = rest.popFirst(), word != "--" {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard word.hasPrefix("-"), let index = declarations.firstIndex(where: { $0.names.contains(parts[0]) })
            else { continue }
            let value = parts.count == 2 ? parts[1] : rest.popFirst() ?? ""
            if let place = places[index] {
                found[place].names.append(parts[0])
                found[place].values.append(value)
            } else {
                places[index] = found.count
                found.append(
                    Given(
                        names: [parts[0]], values: [value], valueName: declarations[index].valueName,
                        isRepeating: declarations[index].isRepeating))
            }
        }
        given = found
    }

    /// Refuses an option that takes one value and was given more often.
    /// - Parameter typed: all words of the command line, for the command to type next.
    func refuseRepeated(typed: [String]) throws {
        guard let option = given.first(where: { !$0.isRepeating && $0.values.count > 1 }) else { return }
        let (name, count) = (option.names[0], option.values.count)
        throw Failure(
            .usage, "\(name) takes one value and is given \(count == 2 ? "twice" : "\(count) times")",
            at: zip(option.names, option.values).map { "\($0) \(ShellText.quoted($1))" }.joined(separator: " "),
            next: TypedOptions.joined(option, in: typed))
    }

    /// The command with the option once: conditions are joined by `and`, lists by commas, of other values the first stays.
    private static func joined(_ option: Given, in typed: [String]) -> String {
        let value =
            option.names[0] == "--where"
            ? option.values.map { "(\($0))" }.joined(separator: " and ")
            : option.valueName.contains(",") ? option.values.joined(separator: ",") : option.values[0]
        var words: [String] = []
        var rest = typed[...]
        var isDone = false
        while let word = rest.popFirst() {
            guard option.names.contains(String(word.prefix { $0 != "=" })) else {
                words.append(word)
                continue
            }
            if !word.contains("=") { _ = rest.popFirst() }
            if !isDone { words += [option.names[0], value] }
            isDone = true
        }
        return "bpreg " + words.map(ShellText.quoted).joined(separator: " ")
    }

    /// The flags that a command declares, in all spellings.
    static func flags(of command: any ParsableCommand.Type) -> [String] {
        DeclaredArgument.all(of: command).filter { $0.kind == .flag }.flatMap(\.names)
    }

    /// The options with a value that a command declares.
    static func declarations(of command: any ParsableCommand.Type) -> [DeclaredArgument] {
        DeclaredArgument.all(of: command).filter { $0.kind == .option }
    }
}
