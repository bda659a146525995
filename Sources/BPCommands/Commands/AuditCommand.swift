import ArgumentParser
import BPJSON
import BPRegistry
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
        let audit = try Audit(run: line.run, segment: line.segment, extent: extent, in: registry, file: try data.file())
        Notes.warnOfInstructionSet()
        let reporter = ProgressReporter()
        let report: AuditReport
        do {
            defer { reporter.clear() }
            report = try audit.run(threads: threads) { reporter.update("audit", $0, of: $1) }
        }
        try print(report, extent, output)
        guard let difference = report.difference else { return .done }
        throw Failure(
            .notReproducible, "run \(line.run) is not reproduced: \(difference.subject)",
            at: "run \(difference.run), iteration \(NumberText.grouped(difference.iteration)); \(difference.cause)",
            next: "bpreg verify\(options.registry.hint)   # tells whether what is stored is sound")
    }

    private func extent() throws -> Audit.Extent {
        if full, sample != nil {
            throw Failure(.usage, "--full and --sample exclude each other", at: "--full --sample", next: "one of them")
        }
        guard let sample else {
            guard seed == nil else {
                throw Failure(
                    .usage, "--seed draws the stretches of --sample", at: "--seed", next: "--sample 10 --seed 1")
            }
            return .full
        }
        let drawn = try seed.map { try Check.atLeast(0, $0, option: "--seed") } ?? Int.random(in: 0..<1 << 31)
        return .sample(try Check.atLeast(1, sample, option: "--sample"), seed: UInt64(drawn))
    }

    private func print(_ report: AuditReport, _ extent: Audit.Extent, _ output: Output) throws {
        var seed: Int?
        if case .sample(_, let drawn) = extent { seed = Int(drawn) }
        if options.json { return try output.object(AuditCommand.members(report, seed: seed)) }
        var fields = Fields()
        let line = report.segment == 1 ? "run \(report.run)" : "run \(report.run), line of segment \(report.segment)"
        fields.add(line, report.isReproduced ? "reproduced" : "not reproduced")
        fields.add(
            "recomputed",
            "\(NumberText.grouped(report.iterations)) of \(NumberText.counted(report.lineIterations, "iteration")), "
                + "\(report.audited) of \(NumberText.counted(report.stretches, "stretch", "stretches"))"
                + (seed.map { ", drawn by --seed \($0)" } ?? ""))
        fields.add(
            "compared",
            "\(NumberText.counted(report.iterations, "loss", "losses")), \(NumberText.counted(report.epochs, "epoch")), "
                + NumberText.counted(report.keyframes, "keyframe"))
        if let difference = report.difference {
            fields.add(
                "first difference",
                "iteration \(NumberText.grouped(difference.iteration)) of run \(difference.run): \(difference.subject)")
            fields.add("likely cause", difference.cause)
        }
        try fields.write(to: output)
        try output.finish()
    }

    static func members(_ report: AuditReport, seed: Int?) -> [String: JSONValue] {
        [
            "run": JSONValue(report.run), "segment": JSONValue(report.segment),
            "reproduced": .bool(report.isReproduced), "iterations": JSONValue(report.iterations),
            "line_iterations": JSONValue(report.lineIterations), "stretches": JSONValue(report.stretches),
            "audited_stretches": JSONValue(report.audited), "epochs": JSONValue(report.epochs),
            "keyframes": JSONValue(report.keyframes), "seed": JSONValue(seed),
            "difference": report.difference.map { .object(members($0)) } ?? .null,
        ]
    }

    private static func members(_ difference: AuditDifference) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "run": JSONValue(difference.run), "iteration": JSONValue(difference.iteration),
            "cause": .string(difference.cause), "epoch": .null, "role": .null,
        ]
        switch difference.subject {
        case .loss(let recorded, let recomputed):
            members["subject"] = "loss"
            (members["recorded"], members["recomputed"]) = (.float(recorded), .float(recomputed))
            (members["recorded_bits"], members["recomputed_bits"]) = (
                .string(Bits.hex(recorded)), .string(Bits.hex(recomputed))
            )
        case .epoch(let epoch, let measure, let recorded, let recomputed):
            members["subject"] = .string(measure)
            members["epoch"] = JSONValue(epoch)
            (members["recorded"], members["recomputed"]) = (JSONValue(recorded), JSONValue(recomputed))
            (members["recorded_bits"], members["recomputed_bits"]) = (
                JSONValue(recorded.map(Bits.hex)), JSONValue(recomputed.map(Bits.hex))
            )
        case .keyframe(let role, let tensor, let recorded, let recomputed):
            members["subject"] = .string(tensor)
            members["role"] = .string(role.rawValue)
            (members["recorded"], members["recomputed"]) = (.string(recorded.hex), .string(recomputed.hex))
        case .end(let recomputed):
            members["subject"] = "end"
            members["recomputed"] = .string(recomputed)
        }
        return members
    }
}
