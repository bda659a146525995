import ArgumentParser
import BPInterchange
import BPRegistry
import BPReport
import BPTraining

/// `bpreg export REF`
struct ExportCommand: Subcommand {
    static let help = Help(
        "export", "Export a model as ONNX, safetensors, NPZ or JSON",
        usage: "bpreg export REF -o FILE [--format FORMAT] [options]",
        examples: [
            ("bpreg export iris -o iris.onnx", "the current version of iris"),
            ("bpreg export 1@epoch:50 -o early.npz", "a point of run 1"),
            ("bpreg export iris:1 -o iris1.json --force", "replace an existing file"),
        ],
        notes: """
            The file holds the network with its scaling and its classes, in float32, for inference elsewhere. Use bpreg archive
            to keep the history and the optimizer state too.
            """,
        exits: .computing, page: "docs/exchange.md#exports")

    @Argument(help: "A model, a version, a run, or a point of a run")
    var ref: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("File to write", valueName: "file"))
    var file: String

    @Option(
        name: .customLong("format"),
        help: ArgumentHelp(
            "Output format (default: detected from the name of the file)", valueName: "safetensors|npz|onnx|json"))
    var formatName: String?

    @OptionGroup var data: KeptPartsOption

    @OptionGroup var overwrite: OverwriteOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let format = try chosenFormat()
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        Notes.warnOfInstructionSet()
        let reference = try Reference(ref)
        let run = try registry.recordedPoint(reference).run
        let inputs = [data.path, data.parts.labels]
        let target = try AtomicFile(file, replace: overwrite.mayReplace(file, in: registry, reading: inputs))
        let given = try data.file(forRun: run, in: registry)
        let loaded = try LoadedModel(reference, in: registry, file: given)
        try refuseUseless(loaded, given, in: registry)
        let exported = ExportedModel(loaded)
        try exported.write(format, to: target)
        try target.finish()
        for note in exported.notes(format) { Notes.say(note) }
        try options.print(
            ExportText(loaded, reference: ref, file: file, format: format, bytes: target.count), to: output)
        return .done
    }

    /// Refuses the state of a run that diverged if a prediction for a row that it was trained on is not finite, as `predict`
    /// does. The weights may all be finite then, and too large.
    private func refuseUseless(_ loaded: LoadedModel, _ file: DataFile, in registry: Registry) throws {
        guard loaded.version == nil, try registry.run(loaded.run).status == .diverged else { return }
        guard try data.path != nil || registry.keepsData(ofRun: loaded.run) else {
            return Notes.warn(
                "run \(loaded.run) diverged, and without its data it is unknown whether predictions are finite")
        }
        let fault = try loaded.evaluate(.train, file: file).nonFinite
        guard let fault, fault.isPrediction else { return }
        throw Failure(
            .failed,
            "the predictions of \(ref) are not finite numbers (\(fault.row.place)): run \(loaded.run) diverged there",
            at: "run \(loaded.run), iteration \(loaded.iteration)",
            next: "an earlier point of the run, for example \(loaded.run)@epoch:1")
    }

    private func chosenFormat() throws -> ExportFormat {
        if let formatName {
            let format: ExportFormat = try ExportCommand.formats.value(formatName)
            try refuseName(of: ExportFormat(path: file), as: format)
            return format
        }
        if let format = ExportFormat(path: file) { return format }
        throw Failure(
            .usage, "cannot detect the format from the name of the file", at: ShellText.quoted(file),
            next: "bpreg export \(ShellText.quoted(ref)) -o \(ShellText.quoted(file + ".onnx"))\(options.registry.hint)"
        )
    }

    /// Refuses a file whose name ends in that of another format, since other programs go by it.
    private func refuseName(of named: ExportFormat?, as format: ExportFormat) throws {
        guard let named, named != format else { return }
        let renamed = file.dropLast(named.rawValue.count) + format.rawValue
        throw Failure(
            .usage, "the name of the file ends in .\(named.rawValue), and --format is \(format.rawValue)",
            at: "-o \(ShellText.quoted(file)) --format \(format.rawValue)",
            next:
                "bpreg export \(ShellText.quoted(ref)) -o \(ShellText.quoted(String(renamed)))\(options.registry.hint)")
    }

    private static let formats = NameChoice(option: "--format", supported: ExportFormat.allCases.map(\.rawValue))
}
