import ArgumentParser
import BPData
import BPRegistry
import BPReport
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

    @OptionGroup var unknown: UnknownOption
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let unknown = try unknown.choice()
        if let labels = reading.labels, !isArchive {
            throw Failure(
                .usage, "labels are not needed to predict", at: "--labels \(ShellText.quoted(labels))",
                next: "leave out --labels", correction: .removing("--labels"))
        }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let loaded = try LoadedModel(try Reference(ref), in: registry)
        let model = loaded.model
        let types = model.encoding.columnTypes(withTarget: false)
        let table = try reading.reader(only: types, target: nil, rules: loaded.readingRules)
            .read(path: NamedFile.input(data))
        for note in table.notes { Notes.say(note) }
        Notes.warnOfInstructionSet()
        let predictions = try model.predict(table, unknown: unknown)
        if let note = PredictionTable.note(on: predictions) { Notes.say(note) }
        if let warning = PredictionTable.warning(on: predictions) { Notes.warn(warning) }
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

    /// Whether the data may be an archive, in which `--labels` says which member does not hold the rows.
    private var isArchive: Bool {
        reading.formatName == TableFormat.npz.rawValue || data.lowercased().contains(".npz")
            || data == "-"
    }
}
