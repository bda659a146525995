import ArgumentParser
import BPData
import BPInterchange
import BPRegistry
import BPReport
import BPTraining

/// `bpreg import FILE`
struct ImportCommand: Subcommand {
    static let help = Help(
        "import", "Import weights from a safetensors or NPZ file as a version",
        usage: "bpreg import FILE --data DATA [--target COLUMN] [--model NAME] [options]",
        examples: [
            ("bpreg import iris.safetensors --data iris.csv", "an export of bpreg"),
            ("bpreg import iris.npz --data iris.csv --model iris-npz", "as a version of another model"),
            ("bpreg import net.npz --data iris.csv --activation relu --scaling standard", "weights of another program"),
        ],
        notes: """
            FILE is an export of bpreg, or holds dense layers of another program, such as a state_dict of PyTorch or the arrays
            of Keras or scikit-learn. The run of the version has no iterations yet. Train it further with train --from.
            """,
        exits: .computing, page: "docs/exchange.md#imports")

    @Argument(help: "A safetensors or an NPZ file")
    var file: String

    @Option(
        help: ArgumentHelp(
            "Data that the weights are for, as train takes them; - for standard input", valueName: "file")
    )
    var data: String

    @Option(help: ArgumentHelp("Model that the version belongs to (default: the name of FILE)", valueName: "name"))
    var model: String?

    @Flag(help: "Accept an export of bpreg whose content was changed, as weights of another program")
    var changed = false

    @OptionGroup(title: "Data") var dataOptions: DataOptions
    @OptionGroup(title: "Network") var network: ImportedNetworkOptions

    @OptionGroup var seed: SettingOptions<ImportedSeed>

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        try dataOptions.check()
        try seed.check()
        let tensors = try TensorFile(file)
        let choices = try trainingOptions()
        let table = try dataOptions.reader().read(path: NamedFile.input(data))
        Notes.warnOfInstructionSet()
        let plan = try plan(tensors, table, choices)
        let checked = try plan.checked()
        let registry = try Registry.open(at: options.registry.path, for: .creating)
        for notice in registry.notices { Notes.say(RegistryText.notice(notice)) }
        for note in plan.notes { Notes.say(note) }
        for warning in plan.warnings { Notes.warn(warning) }
        if !plan.isNameDerived, let difference = try plan.difference(in: registry) {
            Notes.warn(TrainingText.warning(of: difference))
        }
        let origin = ImportOrigin(
            file: NamedFile.name(of: file), sha256: tensors.sha256, format: tensors.format.rawValue)
        let made = try checked.recordImport(from: origin, in: registry)
        let details = try registry.details(of: made)
        try options.print(details, to: output)
        for warning in details.warnings { Notes.warn(warning) }
        if plan.spec.fractions.validation > 0 || plan.spec.fractions.test > 0 {
            Notes.warn(
                "the weights may have been trained on rows that are held out here: then the measures of "
                    + "\(made.name) on the validation and test rows are too good")
        }
        Notes.next("bpreg train --from \(made.name)\(options.registry.hint)   # trains it further, as a run of its own")
        return .done
    }

    private func plan(
        _ file: TensorFile, _ table: Table, _ choices: TrainingOptions
    ) throws -> TrainingPlan {
        let name = model ?? ModelName.mended(NamedFile.stem(of: self.file)).text
        if let own = try ExportedWeights.model(of: file, evenIfChanged: changed) {
            try network.refuse(for: self.file)
            if changed, !own.isChanged {
                Notes.say("\(self.file) is as bpreg exported it: --changed is not needed")
            } else if changed {
                Notes.warn("the weights are not those that bpreg exported: they are imported as foreign weights")
            }
            Notes.say("\(self.file) is an export of bpreg: network, scaling and classes are those in the file")
            return try TrainingPlan(
                importing: own.model, table, options: choices, model: name, isNameDerived: model == nil)
        }
        if changed {
            guard file.isOfBpreg else {
                throw Failure(
                    .usage, "--changed is for an export of bpreg, and \(self.file) is not one", at: "--changed",
                    next: "leave out --changed", correction: .removing([], flags: ["--changed"]))
            }
            Notes.warn("\(self.file) is not as bpreg exported it: only its tensors are used")
        }
        guard (choices.target ?? table.likelyTarget) != nil else {
            throw try TargetHelp.failure(
                table.overview, of: table,
                command: "bpreg " + CommandLine.arguments.dropFirst().map(ShellText.quoted).joined(separator: " "))
        }
        let ground = try ImportData(table, options: choices)
        let found = try LayerDetection(
            file, ends: .init(inputs: ground.inputNames.count, outputs: ground.outputCounts),
            order: network.layers, orientation: try network.orientation())
        Notes.say("layers in order: " + found.names.joined(separator: ", "))
        for note in found.notes { Notes.say(note) }
        Notes.say("inputs in order: " + ImportCommand.list(ground.inputNames))
        Notes.say("outputs in order: " + ImportCommand.list(ground.outputNames))
        return try TrainingPlan(
            importing: found.layers, for: ground, scaling: try network.scaling(), model: name,
            isNameDerived: model == nil)
    }

    private func trainingOptions() throws -> TrainingOptions {
        var choices = TrainingChoices()
        try dataOptions.apply(to: &choices)
        try network.functions.apply(to: &choices)
        try seed.apply(to: &choices)
        return choices.options
    }

    /// The first and the last of many.
    private static func list(_ names: [String]) -> String {
        names.count <= 12
            ? names.joined(separator: ", ")
            : names.prefix(6).joined(separator: ", ") + ", … (\(names.count)), " + (names.last ?? "")
    }
}

/// The parts of a network that a file of another program lacks.
struct ImportedNetworkOptions: ParsableArguments {
    @OptionGroup var functions: SettingOptions<ImportedNetworkSettings>

    @Option(
        name: .customLong("scaling"),
        help: ArgumentHelp(
            "Scaling of numbers for these weights: none, or standard by the training rows (default: from an export of bpreg, otherwise required)",
            valueName: "name"))
    var scalingName: String?

    @Option(
        name: .customLong("layers"),
        help: ArgumentHelp(
            "Layers to take, in order (default: by names and shapes)", valueName: "fc1,fc2,out")
    )
    var layerNames: String?

    @Option(
        name: .customLong("orientation"),
        help: ArgumentHelp("Order of the axes of weights (default: by names and shapes)", valueName: "out-in|in-out"))
    var orientationName: String?

    /// The layers' names in order, if they were given.
    var layers: [String]? { layerNames?.split(separator: ",").map { String($0) } }

    func orientation() throws -> WeightOrientation? {
        try orientationName.map { try ImportedNetworkOptions.orientations.value($0) }
    }

    func scaling() throws -> ImportScaling? {
        try scalingName.map { try ImportedNetworkOptions.scalings.value($0) }
    }

    /// Refuses options whose values an export of bpreg contains.
    func refuse(for file: String) throws {
        for (option, value) in [
            ("--scaling", scalingName), ("--layers", layerNames), ("--orientation", orientationName),
        ] {
            guard let value else { continue }
            throw Failure.needless(
                option, value, "\(option) is for files of other programs; \(file) is an export of bpreg and has it")
        }
    }

    private static let orientations = NameChoice(
        option: "--orientation", supported: WeightOrientation.allCases.map(\.rawValue))
    private static let scalings = NameChoice(option: "--scaling", supported: ImportScaling.allCases.map(\.rawValue))
}
