import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg diverge A B`
struct DivergeCommand: Subcommand {
    static let help = Help(
        "diverge", "Find the first iteration at which two runs differ",
        usage: "bpreg diverge A B [options]",
        examples: [
            ("bpreg diverge 1 2", ""),
            ("bpreg diverge 1 2 --json", ""),
            ("bpreg diverge iris:1 iris:2", ""),
        ],
        notes: """
            The recorded losses are compared first. Then both runs are recomputed up to the first update after which their
            weights differ, and the layers that differ are named. The loss of an iteration is that of the weights before its
            update.
            """,
        exits: .computing, page: "docs/proof.md#where-two-runs-part")

    @Argument(
        help: ArgumentHelp(
            "A run, the line of a segment such as 1.1, or a version, which means its run", valueName: "a"))
    var first: String

    @Argument(help: ArgumentHelp("The other run", valueName: "b"))
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
