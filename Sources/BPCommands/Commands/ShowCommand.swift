import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg show REF`
struct ShowCommand: Subcommand {
    static let help = Help(
        "show", "Show a run, a version, or the state of a run at any point",
        usage: "bpreg show REF [--weights FILE] [options]",
        examples: [
            ("bpreg show 1", "settings, segments and results of run 1"),
            ("bpreg show 1@iteration:120", "the state after iteration 120"),
            ("bpreg show iris --weights iris.f32", "write the weights as float32"),
        ],
        notes: """
            A point that is not stored is recomputed from the nearest keyframe and compared with the recorded losses.
            --weights writes little-endian float32, layer by layer: W row-major [n_out x n_in], then b.
            """,
        exits: .computing, page: "docs/commands.md#bpreg-show")

    @Argument(help: "A run, a version, a model, or a point of a run")
    var ref: String

    @Option(help: ArgumentHelp("File to write the weights to (default: none)", valueName: "file"))
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
