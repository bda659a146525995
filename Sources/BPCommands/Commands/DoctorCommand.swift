import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg doctor`
struct DoctorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Looks at all that a registry's health depends on, and tells what mends it.",
        discussion: """
            SQLite, the file and where it lies, the schema, a sample of seals and contents, a stretch of a run's history, \
            runs that wait to be resumed, what the file is filled with. Changes nothing. Ends with 0 where nothing has \
            failed, warnings or not. verify and audit look at everything.
            """)

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [.mark("check"), .mark("status"), .sentences("what"), .words("next")]

    func execute(_ output: Output) throws -> ExitStatus {
        let findings = Doctor(options.registry).examine()
        if options.format == .text {
            try print(findings, output)
        } else {
            let table = TableWriter(DoctorCommand.columns, format: options.format, output: output)
            for finding in findings {
                try table.add([
                    .string(finding.check), .string(finding.status.rawValue), .string(finding.what),
                    finding.next.map { .string($0) } ?? .null,
                ])
            }
            try table.finish(empty: "")
        }
        let failed = findings.filter { $0.status == .fail }
        guard let first = failed.first else { return .done }
        throw Failure(
            first.exit, "\(NumberText.counted(failed.count, "check")) failed, the first: \(first.what)",
            at: options.registry.place, next: first.next)
    }

    /// A line for each finding, and one for what mends it, which stays whole so that it can be copied.
    private func print(_ findings: [Doctor.Finding], _ output: Output) throws {
        let width = findings.map { DisplayWidth.of($0.check) }.max() ?? 0
        let margin = String(repeating: " ", count: width + 8)
        for finding in findings {
            let label =
                DisplayWidth.padded(finding.status.rawValue, to: 6, alignment: .left)
                + DisplayWidth.padded(finding.check, to: width + 2, alignment: .left)
            let room = max(24, (output.width ?? .max) - margin.utf8.count)
            let text = SafeText.escaped(finding.what)
            let lines = DisplayWidth.of(text) > room ? LineWrap.lines(text, width: room, indent: "") : [text]
            for (index, line) in lines.enumerated() { try output.line((index == 0 ? label : margin) + line) }
            if let next = finding.next { try output.line(margin + "next: " + SafeText.line(next)) }
        }
        let warnings = findings.count { $0.status == .warn }
        let failures = findings.count { $0.status == .fail }
        try output.line()
        try output.line(
            failures == 0 && warnings == 0
                ? "nothing to mend"
                : [(failures, "failure"), (warnings, "warning")].filter { $0.0 > 0 }
                    .map { NumberText.counted($0.0, $0.1) }.joined(separator: ", "))
        try output.finish()
    }
}
