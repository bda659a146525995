import ArgumentParser
import BPData
import BPRegistry
import BPReport
import BPTraining

/// `bpreg evaluate REF [DATA]`
struct EvaluateCommand: Subcommand {
    static let help = Help(
        "evaluate", "Measure the accuracy or error of a model on known targets",
        usage: "bpreg evaluate REF [DATA] [--split SPLIT] [options]",
        examples: [
            ("bpreg evaluate iris", "the test split"),
            ("bpreg evaluate 1@epoch:50 --split validation", "another split, at a point of run 1"),
            ("bpreg evaluate iris new.csv --json", "other data with the target"),
        ],
        notes: """
            Without DATA the rows come from the data of the run. If the registry keeps only their hash, --data
            specifies the file. The loss of a regression is that of the standardised target. Its other measures have the unit of
            the target.
            """,
        exits: .computing, page: "docs/commands.md#bpreg-evaluate")

    @Argument(help: "A model, a version, a run, or a point of a run")
    var ref: String

    @Argument(help: "File with the target: CSV with a header, IDX, NPY or NPZ, also gzipped; - for standard input")
    var data: String?

    @Option(
        name: .customLong("split"),
        help: ArgumentHelp("Rows of the run's data (default: test)", valueName: "train|validation|test|all"))
    var splitName: String?

    @OptionGroup var unknown: UnknownOption
    @OptionGroup var kept: KeptDataOption
    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let split: StoredSplit = try EvaluateCommand.splits.value(splitName ?? "test")
        if let data, let splitName {
            throw Failure(
                .usage, "--split is about the stored rows; all rows of \(data) are measured",
                at: "--split \(splitName)", next: "leave out one of them", correction: .removing("--split"))
        }
        let unknown = try unknown.choice(data: data)
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        Notes.warnOfInstructionSet()
        let reference = try Reference(ref)
        let file = try kept.file(besides: data, of: reference, in: registry)
        let loaded = try LoadedModel(reference, in: registry, file: file)
        let evaluation = try data.map { try measure(loaded, on: $0, unknown) } ?? loaded.evaluate(split, file: file)
        if let fault = evaluation.nonFinite, fault.isPrediction { throw fault.row }
        let place = data.map { $0 == "-" ? "standard input" : $0 } ?? split.rawValue
        if options.json {
            try output.object(EvaluationText.members(evaluation, of: ref, split: split, data: data))
        } else {
            try EvaluationText.write(evaluation, of: ref, split: place, to: output)
        }
        for warning in EvaluationText.warnings(evaluation, of: "these rows") { Notes.warn(warning) }
        return .done
    }

    private func measure(
        _ loaded: LoadedModel, on path: String, _ unknown: UnknownCategory
    ) throws -> Evaluation {
        let encoding = loaded.model.encoding
        let table = try kept.reading.reader(
            only: encoding.columnTypes(withTarget: true), target: encoding.target.name, rules: loaded.readingRules
        ).read(path: NamedFile.input(path))
        for note in table.notes { Notes.say(note) }
        let measured = try loaded.model.measure(
            table, rows: Array(0..<table.rowCount), unknown: unknown)
        if let warning = measured.unknownCategories { Notes.warn(warning) }
        return measured.evaluation
    }

    private static let splits = NameChoice(option: "--split", supported: StoredSplit.allCases.map(\.rawValue))
}
