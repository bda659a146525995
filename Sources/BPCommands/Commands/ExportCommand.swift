import ArgumentParser
import BPInterchange
import BPRegistry
import BPReport
import BPTraining

/// `bpreg export REF`
struct ExportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a model for inference elsewhere: ONNX, safetensors, NPZ or JSON.",
        usage: "bpreg export REF -o FILE [--format FORMAT] [--force] [options]",
        discussion: """
            The network with its scaling and its classes, in float32. The format is the one that FILE's name ends in. To \
            keep a model so that bpreg restores everything of it, archive it.
            """)

    @Argument(help: "A model, a version, or a run or a point of one.")
    var ref: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The file to write.", valueName: "file"))
    var file: String

    @Option(
        name: .customLong("format"),
        help: ArgumentHelp("What to write (default: by the name of the file).", valueName: "safetensors|npz|onnx|json"))
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
        let loaded = try LoadedModel(reference, in: registry, file: data.file(forRun: run, in: registry))
        let exported = ExportedModel(loaded)
        try exported.write(format, to: target)
        try target.finish()
        for note in exported.notes(format) { Notes.say(note) }
        try options.print(
            ExportText(loaded, reference: ref, file: file, format: format, bytes: target.count), to: output)
        return .done
    }

    private func chosenFormat() throws -> ExportFormat {
        if let formatName { return try ExportCommand.formats.value(formatName) }
        if let format = ExportFormat(path: file) { return format }
        throw Failure(
            .usage, "the name of the file tells no format", at: ShellText.quoted(file),
            next: "bpreg export \(ShellText.quoted(ref)) -o \(ShellText.quoted(file + ".onnx"))\(options.registry.hint)"
        )
    }

    private static let formats = NameChoice(option: "--format", supported: ExportFormat.allCases.map(\.rawValue))
}
