import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg diverge A B`
struct DivergeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "diverge", abstract: "Finds the first iteration at which two runs part, and in which layer.",
        usage: "bpreg diverge A B [--data FILE] [options]",
        discussion: """
            Losses are compared as they are recorded; then both runs are recomputed, up to the first update after which \
            their weights differ. The loss of an iteration is that of the weights before its update.
            """)

    @Argument(help: "A run, a segment's line such as 7.1, or a version, which stands for the run it came from.")
    var first: String

    @Argument(help: "The other one.")
    var second: String

    @OptionGroup var data: KeptDataOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let lines = try [first, second].map { try RunLine($0, in: registry) }
        let divergence = try Divergence(
            (lines[0].run, lines[0].segment), (lines[1].run, lines[1].segment), in: registry,
            file: try data.file(forRuns: lines.map(\.run), in: registry))
        let both = try lines.map { try registry.run($0.run).dataset.hex }
        let datasets = both[0] == both[1] ? nil : both
        try options.print(DivergenceText(divergence, of: first, and: second, datasets: datasets), to: output)
        return .done
    }
}
