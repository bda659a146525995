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
            let counts = report.counts.map { (String($0.name.map { $0 == " " ? "_" : $0 }), JSONValue($0.value)) }
            try output.object([
                "registry": .string(path), "sound": .bool(report.isSound),
                "checked": .object(Dictionary(counts, uniquingKeysWith: { first, _ in first })),
                "findings": .array(report.findings.map(VerifyCommand.object)),
            ])
        } else {
            try print(report, path, output)
        }
        guard report.isSound else {
            throw Failure(
                .damaged, "the registry is damaged: " + VerifyCommand.count(report.findings),
                at: options.registry.place,
                next: "go back to a copy; what is still sound can be read with show and history")
        }
        return .done
    }

    /// A registry that cannot be read through is damaged, whatever kept it from being read.
    private func verify(_ path: String) throws -> VerifyReport {
        do {
            return try Registry.verify(at: path)
        } catch {
            let failure = Failure(error, registry: options.registry)
            if [.noRegistry, .schema, .damaged].contains(failure.status) { throw failure }
            throw Failure(.damaged, failure.what, at: failure.place, next: failure.next)
        }
    }

    private func print(_ report: VerifyReport, _ path: String, _ output: Output) throws {
        for finding in report.findings {
            try output.line(SafeText.line("damaged: \(finding.table) \(finding.row): \(finding.what)"))
        }
        let checked = report.counts.filter { $0.value > 0 }.map { "\(NumberText.grouped($0.value)) \($0.name)" }.joined(
            separator: ", ")
        let verdict = report.isSound ? "sound" : "damaged: " + VerifyCommand.count(report.findings)
        try output.line(SafeText.line("\(path) is \(verdict) (checked \(checked))"))
    }

    private static func count(_ findings: [VerifyReport.Finding]) -> String {
        findings.count == 1 ? "1 finding" : "\(findings.count) findings"
    }

    private static func object(_ finding: VerifyReport.Finding) -> JSONValue {
        ["table": .string(finding.table), "row": .string(finding.row), "what": .string(finding.what)]
    }
}
