import ArgumentParser
import BPData
import BPRegistry
import BPReport
import BPTraining

/// `bpreg evaluate REF [DATA]`
struct EvaluateCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measures a model on data with known targets.",
        usage: "bpreg evaluate REF [DATA] [--split SPLIT] [--data FILE] [options]",
        discussion: """
            Without DATA the rows are those of the data that the run was trained on: the test split unless --split \
            says another. If the registry keeps only their hash, --data names the file. A regression's loss is that of \
            the standardised target; its other measures are in the target's own units.
            """)

    @Argument(help: "A model, a version, or a run or a point of one.")
    var ref: String

    @Argument(help: "A file with the target: CSV with a header, IDX, NPY or NPZ, also gzipped; - is standard input.")
    var data: String?

    @Option(
        name: .customLong("split"),
        help: ArgumentHelp("Which of the stored rows (default: test).", valueName: "train|validation|test|all"))
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
