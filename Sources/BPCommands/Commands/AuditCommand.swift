import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// `bpreg audit RUN`
struct AuditCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Recomputes a run's history and compares it with the record, bit for bit.",
        usage: "bpreg audit RUN [--full | --sample N [--seed N]] [options]",
        discussion: """
            Every loss, every epoch and every keyframe is compared; the stretches between keyframes are recomputed side \
            by side. Of a fork the parent's part is audited too. Ends with 0 where all is reproduced, with 14 at the \
            first difference, and with 13 where stored bytes are damaged.
            """)

    @Argument(help: "A run, a segment's line such as 7.1, or a version, which stands for the run it came from.")
    var run: String

    @Flag(help: "Recompute everything; the default.")
    var full = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Recompute only so many stretches, drawn at random.", valueName: "n"))
    var sample: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Draws the stretches of --sample (default: another one each time).", valueName: "n"))
    var seed: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("Stretches at once (default: all processors).", valueName: "n"))
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
                .usage, "--full and --sample exclude each other", at: "--full --sample",
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
