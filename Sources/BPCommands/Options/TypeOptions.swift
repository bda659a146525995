import ArgumentParser
import BPData

/// The types that a person forces.
struct TypeOptions: ParsableArguments {
    @Option(
        name: .customLong("type"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Force a column's type: f64, f32, u8 or text; may be repeated.", valueName: "column=type"))
    var choices: [ColumnTypeChoice] = []

    /// The types by their columns.
    func types() throws -> [String: ColumnType] {
        var types: [String: ColumnType] = [:]
        for choice in choices { types[choice.column] = try TypeOptions.names.value(choice.type) }
        return types
    }

    private static let names = NameChoice(option: "--type", supported: ColumnType.allCases.map(\.rawValue))
}
