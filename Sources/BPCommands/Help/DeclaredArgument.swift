import ArgumentParser
import BPJSON

/// An argument, option or flag of a command, as ArgumentParser describes it in `--experimental-dump-help`.
struct DeclaredArgument {
    enum Kind: String { case positional, option, flag }

    let kind: Kind
    /// The heading under which help lists it; nil if its group has no title.
    let title: String?
    /// All its spellings: `-o`, `--output`.
    let names: [String]
    let valueName: String
    let isOptional: Bool
    let isRepeating: Bool
    /// The description, without a full stop.
    let text: String

    /// All that a command declares, in the order of its properties, and `--help`.
    static func all(of command: any ParsableCommand.Type) -> [DeclaredArgument] {
        let arguments = (try? JSONValue(parsing: command._dumpHelp()))?["command"]?["arguments"]?.array ?? []
        return arguments.compactMap { DeclaredArgument($0) }
    }

    private init?(_ json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init) else { return nil }
        self.kind = kind
        title = json["sectionTitle"]?.string
        names = (json["names"]?.array ?? []).compactMap { name in
            guard let text = name["name"]?.string else { return nil }
            return (name["kind"]?.string == "long" ? "--" : "-") + text
        }
        valueName = json["valueName"]?.string ?? ""
        isOptional = json["isOptional"]?.bool ?? true
        isRepeating = json["isRepeating"]?.bool ?? true
        var words = json["abstract"]?.string ?? ""
        if words.hasSuffix(".") { words.removeLast() }
        if let value = json["defaultValue"]?.string, !value.isEmpty, !words.contains("default:") {
            words += " (default: \(value))"
        } else if kind == .option, !isOptional {
            words += " (required)"
        }
        text = words
    }

    /// The spelling in help: `REF`, `-o, --output <file>`.
    var label: String {
        switch kind {
        case .positional: valueName.uppercased() + (isRepeating ? " ..." : "")
        case .flag: names.joined(separator: ", ")
        case .option: names.joined(separator: ", ") + " <\(valueName)>"
        }
    }
}
