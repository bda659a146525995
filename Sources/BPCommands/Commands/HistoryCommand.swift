import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg history RUN`
struct HistoryCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Prints the epochs of a run, or all its iterations.",
        usage: "bpreg history RUN [--iterations] [--own] [--all] [--from N] [--to N]",
        discussion: """
            The line that ends in the run's head is meant; 7.2 means the line of segment 2. Of a fork it begins with what \
            its parent recorded. Columns tell the run and the segment where there are several. \
            An iteration's loss is that of its batch under the parameters before the update.
            """)

    @Argument(help: "A run, or a version of a model, which stands for the run it came from.")
    var run: String

    @Flag(help: "A row for each iteration instead of each epoch.")
    var iterations = false

    @Flag(help: "Of a fork, leave out what its parent recorded.")
    var own = false

    @Flag(help: "Print every segment, with what was rolled back.")
    var all = false

    @Option(parsing: .unconditional, help: "The first epoch, or iteration, to print (default: 1).")
    var from: Int?

    @Option(parsing: .unconditional, help: "The last epoch, or iteration, to print (default: the last).")
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
