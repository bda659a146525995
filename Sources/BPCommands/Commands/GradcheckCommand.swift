import ArgumentParser
import BPReport
import BPTraining

/// `bpreg gradcheck DATA`
struct GradcheckCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "gradcheck", abstract: "Compares the trainer's gradient with central differences.",
        discussion: """
            The gradient comes from the kernels that training uses, at the first weights; the differences \
            (J(w + h) − J(w − h)) / 2h from a forward pass in Double. A layer's error is its largest difference over \
            its largest partial derivative; parameters where a ReLU changes sides within the step are counted as \
            kinks and left out. The loss is without weight decay; options of the update rule are checked and change nothing. Ends with 1 if a layer's error is above the bound. Makes no registry.
            """)

    @Argument(help: "A file: CSV with a header, IDX, NPY or NPZ, also gzipped; - is standard input.")
    var data: String

    @Option(parsing: .unconditional, help: ArgumentHelp("Rows of the batch (default: 16).", valueName: "n"))
    var rows: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("Parameters of each layer (default: 200).", valueName: "n"))
    var parameters: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("h (default: 1e-4).", valueName: "x"))
    var step: DecimalNumber?

    @Option(parsing: .unconditional, help: ArgumentHelp("The largest error allowed (default: 1e-4).", valueName: "x"))
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
