import ArgumentParser
import BPJSON
import BPRegistry
import BPTraining

/// `bpreg pin REF`
struct PinCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Keeps the full state of a point of a run for good, or lists the pins of a run.",
        usage: """
            bpreg pin RUN@POINT [--name NAME] [options]
            bpreg pin RUN@POINT --remove [options]
            bpreg pin RUN [options]
            """,
        discussion: """
            The state (parameters and what the optimizer remembers) is recomputed, compared with the record and kept as a \
            keyframe that is never thinned: whatever goes on from there starts at once. The run may be alive. A version \
            stands for the point it was made of. A point before a fork is pinned in the parent's run.
            """)

    @Argument(help: "7@iteration:1234, 7@best, iris:3; a run alone lists its pins.")
    var ref: String

    @Option(help: ArgumentHelp("What the pin is called, for people.", valueName: "name"))
    var name: String?

    @Flag(help: "Take the pin of this point away.")
    var remove = false

    @Option(help: ArgumentHelp("The data, where the registry keeps only their hash.", valueName: "file"))
    var data: String?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [
        .mark("pin"), .words("name"), .time("created"), .hidden("run"), .hidden("segment"), .hidden("iteration"),
    ]

    func execute(_ output: Output) throws -> ExitStatus {
        if remove, name != nil {
            throw Failure(
                .usage, "--remove takes a pin away, whatever its name", at: "--name --remove", next: "leave out --name")
        }
        let reference = try Reference(ref)
        guard case .run(let run, nil, nil) = reference else {
            let registry = try Registry.open(at: options.registry.path, for: .writing)
            if remove {
                try print(try PinnedPoint.unpin(reference, in: registry), nil, output)
            } else {
                Notes.warnOfInstructionSet()
                let made = try PinnedPoint(pinning: reference, named: name, in: registry, file: data)
                try print(made.pin, made, output)
            }
            return .done
        }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let number = try registry.run(run).number
        guard !remove, name == nil else {
            throw Failure(
                .usage,
                "a point of run \(number) is wanted, whose state is \(remove ? "kept no longer" : "to be kept")",
                at: ref,
                next: remove
                    ? "bpreg pin \(number)\(options.registry.hint)   # lists its pins"
                    : "bpreg pin \(number)@best --name \(ShellText.quoted(name ?? ""))\(options.registry.hint)")
        }
        let table = TableWriter(PinCommand.columns, format: options.format, output: output)
        for pin in try registry.pins(ofRun: number) { try table.add(PinCommand.row(pin)) }
        try table.finish(empty: "run \(number) has no pins; bpreg pin \(number)@best keeps its best state")
        return .done
    }

    /// The pin that was made, or taken away where there is no `made`.
    private func print(_ pin: PinRecord, _ made: PinnedPoint?, _ output: Output) throws {
        guard options.format == .text else {
            let table = TableWriter(PinCommand.changeColumns, format: options.format, output: output)
            try table.add(
                PinCommand.row(pin) + [
                    .bool(made == nil), JSONValue(made?.weightsSHA256), JSONValue(made?.replayed),
                ])
            return try table.finish(empty: "")
        }
        var fields = Fields()
        fields.add(made == nil ? "unpinned" : "pinned", PinCommand.reference(pin) + (pin.name.map { ", \($0)" } ?? ""))
        fields.add("recomputed", made.map { NumberText.counted($0.replayed, "iteration") })
        fields.add("SHA-256", made?.weightsSHA256)
        try fields.write(to: output)
        try output.finish()
    }

    static let changeColumns = columns + [.hidden("removed"), .hidden("weights_sha256"), .hidden("replayed")]

    private static func row(_ pin: PinRecord) -> [JSONValue] {
        [
            .string(reference(pin)), JSONValue(pin.name), TimeText.json(pin.created), JSONValue(pin.run),
            JSONValue(pin.segment), JSONValue(pin.iteration),
        ]
    }

    private static func reference(_ pin: PinRecord) -> String { "\(pin.run).\(pin.segment)@iteration:\(pin.iteration)" }
}
