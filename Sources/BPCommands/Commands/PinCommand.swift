import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg pin REF`
struct PinCommand: Subcommand {
    static let help = Help(
        "pin", "Pin the state of a run at a point, or list pins",
        usage: """
            bpreg pin REF [--name NAME] [options]
            bpreg pin REF --remove [options]
            bpreg pin RUN [options]
            """,
        examples: [
            ("bpreg pin 1@iteration:120 --name before-decay", "keep this state"),
            ("bpreg pin 1@iteration:120 --remove", "remove the pin"),
            ("bpreg pin 1", "list the pins of run 1"),
        ],
        notes: """
            bpreg gc never frees a pinned state. A point that is not stored is recomputed and compared with the recorded
            losses.
            """,
        exits: .computing, page: "docs/going-back.md#pins")

    @Argument(
        help: "A point of a run, or a version, which means the point that it was made of; a run lists its pins")
    var ref: String

    @Option(help: ArgumentHelp("Name of the pin (default: none)", valueName: "name"))
    var name: String?

    @Flag(help: "Remove the pin")
    var remove = false

    @OptionGroup var data: KeptDataOption

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let reference = try Reference(ref)
        if case .run(let run, nil, nil) = reference {
            guard name == nil, !remove else {
                throw Failure(
                    .usage, "no point of run \(run) is specified", at: ref,
                    next: "name a point, for example \(run)@epoch:1", correction: .replacing(ref, with: "\(run)@last"))
            }
            try data.refuse("a list of pins needs no data")
            let registry = try Registry.open(at: options.registry.path, for: .reading)
            try print(registry.pins(ofRun: run), output, empty: "run \(run) has no pin")
            return .done
        }
        if remove, let name {
            throw Failure(
                .usage, "--name is for a pin that is added", at: "--remove --name \(ShellText.quoted(name))",
                next: "bpreg pin \(ShellText.quoted(ref)) --remove\(options.registry.hint)")
        }
        if remove { try data.refuse("a pin is removed without data") }
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        if remove {
            guard case .point(let point) = try registry.resolve(reference) else {
                throw Failure(
                    .usage, "\(ref) is not a point of a run", at: ref, next: "name a point such as 7@iteration:9")
            }
            try print([registry.unpin(point)], output)
            Notes.say("the pin is removed")
        } else {
            Notes.warnOfInstructionSet()
            let run = try registry.recordedPoint(reference).run
            let state = try PointState(reference, in: registry, file: try data.file(forRun: run, in: registry))
            try print([state.pin(named: name, in: registry)], output)
        }
        return .done
    }

    private func print(_ pins: [PinRecord], _ output: Output, empty: String = "") throws {
        try PinList.columns.write(pins, as: options.format, empty: empty, to: output)
    }
}
