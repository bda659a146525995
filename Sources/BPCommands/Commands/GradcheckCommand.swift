import ArgumentParser
import BPReport
import BPTraining

/// `bpreg gradcheck DATA`
struct GradcheckCommand: Subcommand {
    static let help = Help(
        "gradcheck", "Check the trainer's gradient against central differences",
        usage: "bpreg gradcheck DATA --target COLUMN [options]",
        examples: [
            ("bpreg gradcheck iris.csv --target species", ""),
            ("bpreg gradcheck iris.csv --target species --hidden 16,8 --activation relu", ""),
            ("bpreg gradcheck iris.csv --target species --bound 1e-5 --rows 32", ""),
        ],
        notes: """
            The gradient comes from the kernels that training uses, at the first weights. The differences come from a forward
            pass in Double. The error of a layer is its largest difference divided by its largest partial derivative. Parameters
            at which a ReLU changes sides within the step are counted as kinks and left out.

            The loss is without weight decay. Options of the update rule are checked and change nothing. No registry is made.
            """,
        exits: .file, meaning: [.failed: "a layer is above the bound"], page: "docs/commands.md#bpreg-gradcheck")

    @Argument(help: "A file: CSV with a header, IDX, NPY or NPZ, also gzipped; - for standard input")
    var data: String

    @Option(parsing: .unconditional, help: ArgumentHelp("Rows of the batch (default: 16)", valueName: "n"))
    var rows: Int?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Parameters to check in each layer (default: 200)", valueName: "n"))
    var parameters: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("Step of the differences (default: 1e-4)", valueName: "x"))
    var step: DecimalNumber?

    @Option(parsing: .unconditional, help: ArgumentHelp("Largest error that passes (default: 1e-4)", valueName: "x"))
    var bound: DecimalNumber?

    @OptionGroup var seed: SettingOptions<GradcheckSeed>

    @OptionGroup(title: "Data") var dataOptions: DataOptions
    @OptionGroup(title: "Network") var network: SettingOptions<NetworkSettings>
    @OptionGroup(title: "Update rule") var rule: SettingOptions<RuleSettings>
    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        try dataOptions.check()
        var choices = TrainingChoices()
        try dataOptions.apply(to: &choices)
        try network.apply(to: &choices)
        try rule.apply(to: &choices)
        try seed.apply(to: &choices)
        let table = try dataOptions.reader().read(path: NamedFile.input(data))
        let plan = try TrainingPlan(table, options: choices.options)
        for note in plan.dataNotes { Notes.say(note) }
        for warning in plan.warnings { Notes.warn(warning) }
        Notes.warnOfInstructionSet()
        let check = try GradientCheck(plan, settings: settings)
        let text = GradientCheckText(check)
        try text.columns.write(check.layers, as: self.options.format, to: output)
        Notes.say(text.note)
        if let failure = text.failure { throw failure }
        return .done
    }

    private var settings: GradientCheck.Settings {
        var settings = GradientCheck.Settings()
        if let rows { settings.rows = rows }
        if let parameters { settings.parametersPerLayer = parameters }
        if let step { settings.step = step.value }
        if let bound { settings.bound = bound.value }
        return settings
    }
}
