import ArgumentParser
import BPJSON
import BPRegistry
import BPTraining

/// `bpreg history RUN`
struct HistoryCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Prints the epochs of a run, or all its iterations.",
        usage: "bpreg history RUN [--iterations] [--from N] [--to N] [options]",
        discussion: """
            The line that ends in the run's head is meant; 7.2 means the line of segment 2. \
            An iteration's loss is that of its batch under the parameters before the update.
            """)

    @Argument(help: "A run, or a version of a model, which stands for the run it came from.")
    var run: String

    @Flag(help: "A row for each iteration instead of each epoch.")
    var iterations = false

    @Option(parsing: .unconditional, help: "The first epoch, or iteration, to print (default: 1).")
    var from: Int?

    @Option(parsing: .unconditional, help: "The last epoch, or iteration, to print (default: the last).")
    var to: Int?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let epochColumns: [TableColumn] = [
        .count("epoch"), .count("iteration"), .measure("loss"), .measure("val_loss", "val loss"),
        .measure("val_score", "val score"), .seconds("seconds"), .hidden("loss_bits"), .hidden("run"),
    ]

    static let iterationColumns: [TableColumn] = [.count("iteration"), .measure("loss"), .mark("loss_bits", "bits")]

    func execute(_ output: Output) throws -> ExitStatus {
        let first = try Check.atLeast(1, from ?? 1, option: "--from")
        let last = try Check.atLeast(first, to ?? .max, option: "--to")
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let line = try RunLine(run, in: registry)
        if iterations {
            try printIterations(of: line, first...last, registry, output)
        } else {
            try printEpochs(of: line, first...last, registry, output)
        }
        return .done
    }

    private func printEpochs(of line: RunLine, _ range: ClosedRange<Int>, _ registry: Registry, _ output: Output) throws
    {
        let table = TableWriter(HistoryCommand.epochColumns, format: options.format, output: output)
        try Pages.each(of: range, size: 4096) { page in
            let epochs = try registry.epochs(
                ofRun: line.run, segment: line.segment, from: page.lowerBound, to: page.upperBound)
            for epoch in epochs { try table.add(HistoryCommand.row(epoch, run: line.run)) }
            return epochs.count
        }
        try table.finish(empty: "no epoch has ended in this range; --iterations lists iterations")
    }

    private func printIterations(
        of line: RunLine, _ range: ClosedRange<Int>, _ registry: Registry, _ output: Output
    ) throws {
        let table = TableWriter(HistoryCommand.iterationColumns, format: options.format, output: output)
        try Pages.each(of: range, size: 65_536) { page in
            let losses = try registry.losses(
                ofRun: line.run, segment: line.segment, from: page.lowerBound, to: page.upperBound)
            for (offset, loss) in losses.enumerated() {
                try table.add([JSONValue(page.lowerBound + offset), .float(loss), .string(Bits.hex(loss))])
            }
            return losses.count
        }
        try table.finish(empty: "no iteration is recorded in this range")
    }

    private static func row(_ epoch: EpochRecord, run: Int) -> [JSONValue] {
        [
            JSONValue(epoch.epoch), JSONValue(epoch.iteration), .float(epoch.loss), JSONValue(epoch.validationLoss),
            JSONValue(epoch.validationScore), .seconds(epoch.seconds), .string(Bits.hex(epoch.loss)), JSONValue(run),
        ]
    }
}
