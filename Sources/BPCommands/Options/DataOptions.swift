import ArgumentParser
import BPData
import BPReport
import BPTraining

/// What the table is for: its target, its columns, its shares.
struct DataOptions: ParsableArguments {
    @OptionGroup var reading: ReadingOptions

    @OptionGroup var columns: SettingOptions<DataSettings>

    @OptionGroup var types: TypeOptions

    @OptionGroup var shares: SettingOptions<SplitSettings>

    /// Puts the choices into `choices`.
    func apply(to choices: inout TrainingChoices) throws {
        try columns.apply(to: &choices)
        try shares.apply(to: &choices)
    }

    /// A reader that knows the types that were forced and the columns that are ignored.
    /// - Parameters:
    ///   - others: columns that are ignored too.
    ///   - rules: those of the run that a fork continues, if it is one.
    func reader(ignoring others: Set<String> = [], rules: ReadingRules = .newest) throws -> TableReader {
        var choices = TrainingChoices()
        try columns.apply(to: &choices)
        return TableReader(
            types: try types.types(), choices: try reading.choices(), ignored: others.union(choices.options.ignored),
            rules: rules)
    }

    /// Refuses shares that leave nothing to train on.
    /// - Parameter isNew: whether the shares that are not given are the defaults, and not those of an older run.
    func check(isNew: Bool = true) throws {
        var choices = TrainingChoices()
        try shares.apply(to: &choices)
        let (validation, test) = (choices.options.validation, choices.options.test)
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
            next: "take smaller shares",
            correction: .setting([
                ("--validation", "\(TrainingDefaults.validation)"), ("--test", "\(TrainingDefaults.test)"),
            ]))
    }
}
