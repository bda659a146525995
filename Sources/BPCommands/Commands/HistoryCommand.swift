import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg history RUN`
struct HistoryCommand: Subcommand {
    static let help = Help(
        "history", "Print the epochs or iterations of a run",
        usage: "bpreg history RUN [--iterations] [--own] [--all] [--from N] [--to N] [options]",
        examples: [
            ("bpreg history 1", "all epochs"),
            ("bpreg history 1 --from 90 --to 100", "some epochs"),
            ("bpreg history 1 --iterations --csv", "every iteration"),
        ],
        notes: """
            Prints the line that ends at the head of the run; 1.2 means the line of segment 2. The line of a fork begins with
            the history of its parent. Columns show run and segment if there are several. The loss of an iteration is that of
            its batch before the update.
            """,
        exits: .registry, page: "docs/commands.md#bpreg-history")

    @Argument(help: "A run, the line of a segment such as 1.1, or a version, which means its run")
    var run: String

    @Flag(help: "Print iterations instead of epochs")
    var iterations = false

    @Flag(help: "Leave out the history of the parent of a fork")
    var own = false

    @Flag(help: "Print every segment, with the parts that were rolled back")
    var all = false

    @Option(
        parsing: .unconditional, help: ArgumentHelp("First epoch or iteration to print (default: 1)", valueName: "from")
    )
    var from: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Last epoch or iteration to print (default: the last)", valueName: "to"))
    var to: Int?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let first = try Check.atLeast(1, from ?? 1, option: "--from")
        let last = min(try Check.atLeast(first, to ?? .max, option: "--to"), .max - 1)
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let line = try RunLine(run, in: registry)
        let history = try History(
            line, range: first..<last + 1, all: all, own: own, in: registry, format: options.format, output: output)
        if iterations { try history.printIterations() } else { try history.printEpochs() }
        if all { for line in try HistoryStretch.freed(ofRun: line.run, in: registry) { Notes.say(line) } }
        return .done
    }
}
