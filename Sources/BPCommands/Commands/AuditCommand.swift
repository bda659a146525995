import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg audit RUN`
struct AuditCommand: Subcommand {
    static let help = Help(
        "audit", "Recompute a run and compare it with the record, bit for bit",
        usage: "bpreg audit RUN [--full | --sample N [--seed N]] [options]",
        examples: [
            ("bpreg audit 1", "every loss, epoch and keyframe"),
            ("bpreg audit 1 --sample 10 --seed 1", "ten stretches"),
            ("bpreg audit iris:1 --threads 2 --json", "the run of a version"),
        ],
        notes: """
            The stretches between keyframes are recomputed in parallel. For a fork, the part of its parent is audited too. The
            first difference ends the audit.
            """,
        exits: .computing, meaning: [.done: "reproduced", .notReproducible: "a difference"], page: "docs/proof.md")

    @Argument(help: "A run, the line of a segment such as 1.1, or a version, which means its run")
    var run: String

    @Flag(help: "Recompute everything (the default)")
    var full = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of random stretches to recompute (default: all stretches)", valueName: "n"))
    var sample: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed of the random stretches (default: a new one each time)", valueName: "n"))
    var seed: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Stretches to recompute at once (default: all processors)", valueName: "n"))
    var threads: Int?

    @OptionGroup var data: KeptDataOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let extent = try self.extent()
        if let threads { _ = try Check.atLeast(1, threads, option: "--threads") }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let line = try RunLine(run, in: registry)
        let audit = try Audit(
            run: line.run, segment: line.segment, extent: extent, in: registry,
            file: try data.file(forRun: line.run, in: registry))
        Notes.warnOfInstructionSet()
        let reporter = ProgressReporter()
        let report: AuditReport
        do {
            defer { reporter.clear() }
            report = try audit.run(threads: threads) { reporter.update("audit", $0, of: $1) }
        }
        // The finding is about the file that was open, and not about another one that is there now.
        try registry.checkPlace()
        try options.print(AuditText(report, extent), to: output)
        if let failure = AuditText.failure(report, hint: options.registry.hint) { throw failure }
        return .done
    }

    private func extent() throws -> Audit.Extent {
        if full, sample != nil {
            throw Failure(
                .usage, "--full and --sample cannot be combined", at: "--full --sample",
                next: "take one of them", correction: .removing("--sample"))
        }
        guard let sample else {
            guard seed == nil else {
                throw Failure(
                    .usage, "--seed draws the stretches of --sample", at: "--seed", next: "give --sample too",
                    correction: .setting([("--sample", "10")]))
            }
            return .full
        }
        let drawn = try seed.map { try Check.atLeast(0, $0, option: "--seed") } ?? Int.random(in: 0..<1 << 31)
        return .sample(try Check.atLeast(1, sample, option: "--sample"), seed: UInt64(drawn))
    }
}
