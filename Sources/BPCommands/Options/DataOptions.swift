import ArgumentParser
import BPData
import BPReport
import BPTraining

/// What the table is for: its target, its columns, its shares.
struct DataOptions: ParsableArguments {
    @OptionGroup var reading: ReadingOptions

    @Option(
        help: ArgumentHelp(
            "The column to predict (default: the labels, where they are read from elsewhere; else the columns are listed).",
            valueName: "column"))
    var target: String?

    @Option(
        name: .customLong("task"),
        help: ArgumentHelp("classification or regression (default: by the target's values).", valueName: "name"))
    var taskName: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A column that is no feature; may be given several times.", valueName: "column"))
    var ignore: [String] = []

    @Option(
        name: .customLong("type"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Force a column's type: f64, f32, u8 or text; may be repeated.", valueName: "column=type"))
    var typeChoices: [ColumnTypeChoice] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Share of the rows for validation (default: \(TrainingDefaults.validation)).", valueName: "f"))
    var validation: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Share of the rows for the test (default: \(TrainingDefaults.test)).", valueName: "f"))
    var test: Double?

    /// Puts the choices into `options`.
    func apply(to options: inout TrainingOptions) throws {
        options.target = target
        options.task = try taskName.map { try DataOptions.tasks.value($0) }
        options.ignored = ignore
        options.validation = validation
        options.test = test
    }

    /// A reader that knows the types that were forced.
    func reader() throws -> TableReader {
        var types: [String: ColumnType] = [:]
        for choice in typeChoices { types[choice.column] = try DataOptions.types.value(choice.type) }
        return TableReader(types: types, choices: try reading.choices())
    }

    /// Refuses shares that leave nothing to train on.
    /// - Parameter isNew: whether the shares that are not given are the defaults, and not those of an older run.
    func check(isNew: Bool = true) throws {
        for (option, value) in [("--validation", validation), ("--test", test)] {
            if let value { _ = try Check.fraction(value, option: option) }
        }
        let shares = (validation ?? TrainingDefaults.validation, test ?? TrainingDefaults.test)
        guard isNew, shares.0 + shares.1 >= 1 else { return }
        func text(_ option: String, _ value: Double, _ given: Double?) -> String {
            "\(option) \(NumberText.plain(value))" + (given == nil ? " (the default)" : "")
        }
        throw Failure(
            .usage, "--validation and --test together must be below 1, or nothing is left to train on",
            at: text("--validation", shares.0, validation) + ", " + text("--test", shares.1, test),
            next: "--validation \(TrainingDefaults.validation) --test \(TrainingDefaults.test)")
    }

    private static let tasks = NameChoice(option: "--task", supported: LearningTask.allCases.map(\.rawValue))
    private static let types = NameChoice(option: "--type", supported: ColumnType.allCases.map(\.rawValue))
}
