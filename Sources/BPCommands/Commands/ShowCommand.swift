import ArgumentParser
import BPJSON
import BPRegistry
import BPTraining

/// `bpreg show REF`
struct ShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a run, a version, or the state of a run at any point.",
        discussion: """
            A point that is not stored is recomputed from the nearest keyframe and compared with the recorded losses. \
            --weights writes the parameters as little-endian float32, layer by layer, W row-major [n_out × n_in] then b.
            """)

    @Argument(help: "7, 7@best, 7@epoch:50, 7@iteration:1234, iris, iris:3.")
    var ref: String

    @Option(help: ArgumentHelp("Write the weights to a file.", valueName: "file"))
    var weights: String?

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let reference = try Reference(ref)
        let resolved = try registry.resolve(reference)
        var loaded: LoadedModel?
        if case .point = resolved { loaded = try load(reference, registry) }
        switch resolved {
        case .run(let run): try show(try RunDetails(run, in: registry, hint: options.registry.hint), output)
        case .version(let version):
            try show(try VersionDetails(version, in: registry, hint: options.registry.hint), output)
        case .point: if let loaded { try show(PointDetails(loaded, reference: ref), output) }
        }
        if let weights {
            let loaded = try loaded ?? load(reference, registry)
            try WeightsFile.write(loaded.model.parameters, to: weights)
            let bytes = NumberText.grouped(4 * loaded.model.parameters.count)
            Notes.say("wrote \(bytes) bytes to \(weights), SHA-256 \(loaded.weightsSHA256)")
        }
        return .done
    }

    private func load(_ reference: Reference, _ registry: Registry) throws -> LoadedModel {
        let loaded = try LoadedModel(reference, in: registry)
        if loaded.replayed > 0 { Notes.warnOfInstructionSet() }
        return loaded
    }

    private func show(_ details: any Details, _ output: Output) throws {
        if options.json { return try output.object(details.members) }
        try details.fields.write(to: output)
        try output.finish()
    }
}

/// What `show` tells of one thing, as JSON and in words.
protocol Details {
    var members: [String: JSONValue] { get }
    var fields: Fields { get }
}

/// The state of a run at a point that was named.
struct PointDetails: Details {
    let loaded: LoadedModel
    let reference: String

    init(_ loaded: LoadedModel, reference: String) { (self.loaded, self.reference) = (loaded, reference) }

    var members: [String: JSONValue] {
        [
            "kind": "point", "reference": .string(reference), "run": JSONValue(loaded.run),
            "epoch": JSONValue(loaded.epoch), "iteration": JSONValue(loaded.iteration),
            "layers": loaded.model.network.json, "parameters": JSONValue(loaded.model.parameters.count),
            "weights_sha256": .string(loaded.weightsSHA256),
        ]
    }

    var fields: Fields {
        var fields = Fields()
        fields.add(
            "point", "\(reference): run \(loaded.run) after iteration \(loaded.iteration), epoch \(loaded.epoch)")
        fields.add("network", TrainingText.layers(loaded.model.network))
        fields.add("parameters", NumberText.grouped(loaded.model.parameters.count))
        fields.add("SHA-256", loaded.weightsSHA256)
        return fields
    }
}
