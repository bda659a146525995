import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg verify`
struct VerifyCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks every hash, seal and chain in the registry.",
        discussion: "Ends with 0 (sound), 13 (damaged), 10 (no registry) or 12 (newer, edited, foreign) only.")

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let path = options.registry.path
        let report = try verify(path)
        if options.json {
            try output.object([
                "registry": .string(path), "sound": .bool(report.isSound),
                "checked": VerifyCommand.counts(report),
                "findings": .array(report.findings.map(VerifyCommand.object)),
            ])
        } else {
            try print(report, path, output)
        }
        guard report.isSound else {
            throw Failure(
                .damaged, "the registry is damaged: " + VerifyCommand.count(report.findings),
                at: options.registry.place,
                next: VerifyCommand.remedy)
        }
        return .done
    }

    /// A registry that cannot be read through is damaged, whatever kept it from being read.
    private func verify(_ path: String) throws -> VerifyReport {
        do {
            return try Registry.verify(at: path)
        } catch {
            let failure = Failure(error, registry: options.registry)
            if [.noRegistry, .schema].contains(failure.status) { throw failure }
            let next = failure.status == .damaged ? VerifyCommand.remedy : failure.next
            throw Failure(.damaged, failure.what, at: failure.place, next: next)
        }
    }

    private func print(_ report: VerifyReport, _ path: String, _ output: Output) throws {
        for finding in report.findings {
            try output.line(SafeText.line("damaged: \(finding.table) \(finding.row): \(finding.what)"))
        }
        let verdict = report.isSound ? "sound" : "damaged: " + VerifyCommand.count(report.findings)
        try output.line(
            SafeText.line("\(path) is \(verdict)\(report.isSound ? ": " : " in ")\(VerifyCommand.summary(report))"))
    }

    private static let remedy = "go back to a copy; what is still sound can be read with show and history"

    private static func count(_ findings: [VerifyReport.Finding]) -> String {
        NumberText.counted(findings.count, "finding")
    }

    /// How much was looked at, by table.
    static func counts(_ report: VerifyReport) -> JSONValue {
        let counts = report.counts.map { (String($0.name.map { $0 == " " ? "_" : $0 }), JSONValue($0.value)) }
        return .object(Dictionary(counts, uniquingKeysWith: { first, _ in first }))
    }

    /// `2 runs, 320,000 iterations, 12 keyframes, 3 versions, 1.2 MB`; JSON has the counts of all tables.
    static func summary(_ report: VerifyReport) -> String {
        func count(_ name: String) -> Int { report.counts.first { $0.name == name }?.value ?? 0 }
        let parts = [("run", "run"), ("iterations", "iteration"), ("keyframe", "keyframe"), ("version", "version")]
        return (parts.map { NumberText.counted(count($0.0), $0.1) } + [NumberText.bytes(Double(count("chunk bytes")))])
            .joined(separator: ", ")
    }

    private static func object(_ finding: VerifyReport.Finding) -> JSONValue {
        ["table": .string(finding.table), "row": .string(finding.row), "what": .string(finding.what)]
    }
}
