import ArgumentParser
import BPData
import BPJSON
import BPRegistry
import BPTraining

/// `bpreg predict REF DATA`
struct PredictCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Predicts each row of a table.",
        usage: "bpreg predict REF DATA [-o FILE] [--unknown zero] [options]",
        discussion: """
            Prints CSV: the row's number, the prediction and, for classes, a probability each. Columns are matched by \
            name, in any order; the target is not needed.
            """)

    @Argument(help: "A model, a version, or a run or a point of one.")
    var ref: String

    @Argument(help: "A file: CSV with a header, IDX, NPY or NPZ, also gzipped; - is standard input.")
    var data: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var file: String?

    @Option(
        help: ArgumentHelp("zero: a category never seen in training is no error, its inputs are 0.", valueName: "zero"))
    var unknown: String?

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let unknown: UnknownCategory? = try unknown.map { try PredictCommand.unknownChoices.value($0) }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let model = try LoadedModel(try Reference(ref), in: registry).model
        let types = model.encoding.columnTypes(withTarget: false)
        let table = try reading.reader(only: types, target: nil).read(path: NamedFile.input(data))
        for note in table.notes { Notes.say(note) }
        Notes.warnOfInstructionSet()
        let predictions = try model.predict(table, unknown: unknown ?? .refuse)
        tell(predictions)
        if let file, NamedFile.isSame(file, data) {
            throw Failure(
                .usage, "\(file) is what is predicted for, and cannot be replaced", at: ShellText.quoted(file),
                next: "name another file with -o")
        }
        let target = try file.map { try NamedFile.output($0) } ?? output
        let format: OutputFormat = options.json ? .json : .csv
        try PredictionTable.write(predictions, rows: table.rowCount, format: format, to: target)
        return .done
    }

    private func tell(_ predictions: Predictions) {
        if !predictions.extraColumns.isEmpty {
            Notes.say(
                "ignored columns that the model has no use for: " + predictions.extraColumns.joined(separator: ", "))
        }
        let unknown = predictions.unknownCategories
        if let first = unknown.first {
            Notes.warn(
                (unknown.count == 1
                    ? "1 value is a category never seen in training, taken as zero: "
                    : "\(unknown.count) values are categories never seen in training, taken as zero; the first: ")
                    + first.description)
        }
    }

    private static let unknownChoices = NameChoice(option: "--unknown", supported: [UnknownCategory.zero.rawValue])
}

/// Predictions as a table.
enum PredictionTable {
    /// Row numbers count from 1; probabilities are columns of their own in the order of the classes.
    static func write(_ predictions: Predictions, rows: Int, format: OutputFormat, to output: Output) throws {
        let names = predictions.classNames
        let columns =
            [TableColumn.count("row"), .words("prediction")]
            + (names ?? []).map { TableColumn.measure("probability_" + $0) }
        let table = TableWriter(columns, format: format, output: output)
        let (classes, probabilities) = names == nil ? ([], []) : (predictions.classes, predictions.probabilities)
        let numbers = names == nil ? predictions.numbers : []
        for row in 0..<rows {
            if let names {
                let own = probabilities[row * names.count..<(row + 1) * names.count]
                try table.add([JSONValue(row + 1), .string(names[classes[row]])] + own.map { .float($0) })
            } else {
                try table.add([JSONValue(row + 1), .double(numbers[row])])
            }
        }
        try table.finish(empty: "")
    }
}
