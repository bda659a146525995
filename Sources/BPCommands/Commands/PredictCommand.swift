import ArgumentParser
import BPData
import BPRegistry
import BPReport
import BPTraining

/// `bpreg predict REF DATA`
struct PredictCommand: Subcommand {
    static let help = Help(
        "predict", "Predict each row of a table with a model",
        usage: "bpreg predict REF DATA [-o FILE] [options]",
        examples: [
            ("bpreg predict iris new.csv", "the current version of model iris"),
            ("bpreg predict 1@epoch:50 new.csv --json", "run 1 as it was after epoch 50"),
            ("bpreg predict iris new.csv -o predictions.csv", "write a file"),
        ],
        notes: """
            Prints CSV with the number of the row, the prediction and, for classes, the probability of each class.
            Columns are matched by name, in any order. The target is not needed.

            If the registry keeps only the hash of the run's data, --data specifies their file. --labels is then about
            this file.
            """,
        exits: .computing, page: "docs/commands.md#bpreg-predict")

    @Argument(help: "A model, a version, a run, or a point of a run")
    var ref: String

    @Argument(help: "A file: CSV with a header, IDX, NPY or NPZ, also gzipped; - for standard input")
    var data: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("File to write (default: standard output)", valueName: "file"))
    var file: String?

    @OptionGroup var overwrite: OverwriteOption
    @OptionGroup var unknown: UnknownOption

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "File with the run's data (default: the registry's copy, otherwise the recorded path)", valueName: "file"))
    var kept: String?

    @OptionGroup(title: "Data") var reading: ReadingOptions
    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let unknown = try unknown.choice()
        try overwrite.check(file, option: "-o")
        if let labels = reading.labels, kept == nil, !isArchive {
            throw Failure.needless("--labels", labels, "labels are not needed to predict")
        }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let reference = try Reference(ref)
        let target =
            try file.map { try overwrite.output($0, in: registry, reading: [data, kept, reading.labels]) } ?? output
        let loaded = try LoadedModel(reference, in: registry, file: try keptData(of: reference, in: registry))
        let model = loaded.model
        let types = model.encoding.columnTypes(withTarget: false)
        var choices = try reading.choices()
        if kept != nil { choices.labels = nil }
        let table = try TableReader(only: types, target: nil, choices: choices, rules: loaded.readingRules)
            .read(path: NamedFile.input(data))
        for note in table.notes { Notes.say(note) }
        Notes.warnOfInstructionSet()
        let predictions = try model.predict(table, unknown: unknown)
        if let note = PredictionTable.note(on: predictions) { Notes.say(note) }
        if let warning = PredictionTable.warning(on: predictions) { Notes.warn(warning) }
        let format: OutputFormat = options.json ? .json : .csv
        try PredictionTable.write(predictions, rows: table.rowCount, format: format, to: target)
        if let file, !NamedFile.isStandardOutput(file) {
            Notes.say("wrote \(NumberText.counted(table.rowCount, "prediction")) to \(file)")
        }
        return .done
    }

    /// The data of the run that `reference` names.
    private func keptData(of reference: Reference, in registry: Registry) throws -> DataFile? {
        guard let kept else { return nil }
        try KeptDataOption.check(kept, nil, run: registry.recordedPoint(reference).run, in: registry)
        return DataFile(path: kept, choices: TableChoices(labels: reading.parts.choices.labels))
    }

    /// Whether the data may be an archive, in which `--labels` says which member does not hold the rows.
    private var isArchive: Bool {
        reading.formatName == TableFormat.npz.rawValue || data.lowercased().contains(".npz")
            || data == "-"
    }
}
