import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg show REF`
struct ShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a run, a version, or the state of a run at any point.",
        usage: "bpreg show REF [--weights FILE] [--force] [--data FILE] [options]",
        discussion: """
            A point that is not stored is recomputed from the nearest keyframe and compared with the recorded losses. \
            --weights writes the parameters as little-endian float32, layer by layer, W row-major [n_out × n_in] then b.
            """)

    @Argument(help: "7, 7@best, 7@epoch:50, 7@iteration:1234, iris, iris:3.")
    var ref: String

    @Option(help: ArgumentHelp("Write the weights to a file.", valueName: "file"))
    var weights: String?

    @OptionGroup var overwrite: OverwriteOption

    @OptionGroup var data: KeptDataOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let reference = try Reference(ref)
        try overwrite.check(weights, option: "--weights")
        let inputs = [data.path, data.reading.labels]
        let target = try weights.map { try overwrite.output($0, in: registry, reading: inputs) }
        var loaded: LoadedModel?
        let details: (any Details)? = try registry.read { snapshot in
            switch try snapshot.resolve(reference) {
            case .run(let run): try snapshot.details(of: run)
            case .version(let version): try snapshot.details(of: version)
            case .point: nil
            }
        }
        // A run and a version are shown as they are recorded; only weights may have to be recomputed.
        if details != nil, target == nil { try data.refuse("nothing is recomputed to show \(ref)") }
        func file() throws -> DataFile {
            try data.file(forRun: registry.recordedPoint(reference).run, in: registry)
        }
        if let details {
            try options.print(details, to: output)
        } else {
            let point = try PointDetails(reference, typed: ref, in: registry, file: file())
            loaded = warned(point.loaded)
            try options.print(point, to: output)
        }
        if let weights, let target {
            let loaded = try loaded ?? warned(LoadedModel(reference, in: registry, file: file()))
            try WeightsFile.write(loaded.model.parameters, to: target)
            let bytes = NumberText.grouped(4 * loaded.model.parameters.count)
            Notes.say("wrote \(bytes) bytes to \(weights), SHA-256 \(loaded.weightsSHA256)")
        }
        return .done
    }

    /// The model, after a warning if it was recomputed with other instructions than asked for.
    private func warned(_ loaded: LoadedModel) -> LoadedModel {
        if loaded.replayed > 0 { Notes.warnOfInstructionSet() }
        return loaded
    }
}
