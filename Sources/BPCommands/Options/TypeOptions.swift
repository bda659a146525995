import ArgumentParser
import BPData
import BPReport

/// The types that a person forces.
struct TypeOptions: ParsableArguments {
    @Option(
        name: .customLong("type"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Type of a column: f64, f32, u8 or text; may be repeated (default: detected)", valueName: "column=type"))
    var choices: [ColumnTypeChoice] = []

    /// The types by their columns; a column has one.
    func types() throws -> [String: ColumnType] {
        var types: [String: ColumnType] = [:]
        for choice in choices {
            let type: ColumnType = try TypeOptions.names.value(choice.type)
            if let other = types.updateValue(type, forKey: choice.column) {
                let (first, second) = ("\(choice.column)=\(other.rawValue)", "\(choice.column)=\(type.rawValue)")
                throw Failure(
                    .usage, "--type gives column \"\(choice.column)\" two types, and a column has one",
                    at: "--type \(ShellText.quoted(first)) --type \(ShellText.quoted(second))",
                    next: TypeOptions.command(without: first) ?? "leave out --type \(ShellText.quoted(first))")
            }
        }
        return types
    }

    /// The typed command without the first `--type` of this value; nil if it has none in two words.
    private static func command(without type: String) -> String? {
        var words = Array(CommandLine.arguments.dropFirst())
        guard let place = words.indices.dropLast().first(where: { words[$0] == "--type" && words[$0 + 1] == type })
        else { return nil }
        words.removeSubrange(place...place + 1)
        return "bpreg " + words.map(ShellText.quoted).joined(separator: " ")
    }

    private static let names = NameChoice(option: "--type", supported: ColumnType.allCases.map(\.rawValue))
}
