import ArgumentParser
import BPData
import BPReport
import BPTraining

/// How to read a table that is inspected, and the target of a training.
struct InspectionOptions: ParsableArguments {
    @OptionGroup var reading: ReadingOptions

    @OptionGroup var types: TypeOptions

    @OptionGroup var columns: SettingOptions<InspectedDataSettings>

    /// A reader as a training would use it.
    func reader() throws -> TableReader { TableReader(types: try types.types(), choices: try reading.choices()) }

    /// The chosen target, task and columns to ignore.
    func choices() throws -> TableSurvey.Choices {
        let options = try trainingOptions()
        return TableSurvey.Choices(target: options.target, ignored: options.ignored, task: options.task)
    }

    /// The typed options that a training needs too, but for the target.
    func typed() throws -> [String] {
        let options = try trainingOptions()
        let pairs: [(String, [String])] = [
            ("--format", [reading.formatName].compactMap { $0 }), ("--labels", [reading.labels].compactMap { $0 }),
            ("--features", [reading.parts.features].compactMap { $0 }),
            ("--type", types.choices.map { "\($0.column)=\($0.type)" }), ("--ignore", options.ignored),
            ("--task", [options.task?.rawValue].compactMap { $0 }),
        ]
        return pairs.flatMap { option, values in values.flatMap { [option, $0] } }
    }

    /// Refuses options that mean nothing for an archive.
    func refuse(for archive: String) throws {
        guard let given = try typed().first ?? trainingOptions().target.map({ _ in "--target" }) else { return }
        throw Failure(
            .usage, "\(given) is for tables, and \(archive) is an archive", at: given,
            next: "bpreg inspect \(ShellText.quoted(archive))")
    }

    private func trainingOptions() throws -> TrainingOptions {
        var choices = TrainingChoices()
        try columns.apply(to: &choices)
        return choices.options
    }
}
