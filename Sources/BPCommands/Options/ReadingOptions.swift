import ArgumentParser
import BPData
import BPReport

/// How a file of data is read, where its content and its name do not tell.
struct ReadingOptions: ParsableArguments {
    @Option(
        name: .customLong("format"),
        help: ArgumentHelp("Input format (default: detected from the content)", valueName: "csv|idx|npy|npz"))
    var formatName: String?

    @OptionGroup var parts: PartOptions

    /// The file or the member with the labels.
    var labels: String? { parts.labels }

    /// Refuses the options if one was given, since no file is read.
    func refuse(_ reason: String) throws {
        guard let (option, value) = given else { return }
        throw Failure.needless(option, value, reason)
    }

    /// The choices that these options make.
    func choices() throws -> TableChoices {
        var choices = parts.choices
        choices.format = try formatName.map { try ReadingOptions.formats.value($0) }
        return choices
    }

    /// The first of these options that was given.
    var given: (name: String, value: String)? {
        formatName.map { ("--format", $0) } ?? parts.given
    }

    /// A reader of the columns in `types` alone.
    /// - Parameters:
    ///   - target: the column that is read from labels; nil if none is wanted.
    ///   - rules: those of the model's own data.
    func reader(only types: [String: ColumnType], target: String?, rules: ReadingRules) throws -> TableReader {
        TableReader(only: types, target: target, choices: try choices(), rules: rules)
    }

    private static let formats = NameChoice(option: "--format", supported: TableFormat.allCases.map(\.rawValue))
}

/// The parts of a table that is not in one array: its labels, and its rows in an archive.
struct PartOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Labels of the rows: a file, or a member of an NPZ archive (default: found by name)",
            valueName: "file|member"))
    var labels: String?

    @Option(help: ArgumentHelp("Member of an NPZ archive with the rows (default: found by name)", valueName: "member"))
    var features: String?

    /// The choices that these options make.
    var choices: TableChoices { TableChoices(labels: labels.map(NamedFile.input), features: features) }

    /// The first of these options that was given.
    var given: (name: String, value: String)? {
        labels.map { ("--labels", $0) } ?? features.map { ("--features", $0) }
    }
}
