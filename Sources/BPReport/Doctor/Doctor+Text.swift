import BPJSON
import BPRegistry

extension Doctor {
    /// The columns of the findings in JSON and CSV.
    static let columns = ListColumns<Finding>([
        (.mark("check"), { .string($0.check) }),
        (.mark("status"), { .string($0.status.rawValue) }),
        (.sentences("what"), { .string($0.what) }),
        (.words("next"), { JSONValue($0.next) }),
    ])

    /// Prints findings.
    package static func write(_ findings: [Finding], as format: OutputFormat, to output: Output) throws {
        if format == .text { return try write(findings, to: output) }
        try columns.write(findings, as: format, to: output)
    }

    /// The failure that all failed findings come to, or nil if none failed.
    package func failure(_ findings: [Finding]) -> Failure? {
        let failed = findings.filter { $0.status == .fail }
        return failed.first.map { first in
            Failure(
                first.exit, "\(NumberText.counted(failed.count, "check")) failed, the first: \(first.what)",
                at: location.place, next: first.next)
        }
    }

    /// A line for each finding, and one for the advice. A command, which stays whole so that it can be copied.
    private static func write(_ findings: [Finding], to output: Output) throws {
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
            if let next = finding.next {
                let isCommand = ShellText.isCommand(next)
                let text = (isCommand ? "next: " : "hint: ") + SafeText.line(next, limit: 4_000)
                let isWide = !isCommand && DisplayWidth.of(text) > room
                for line in isWide ? LineWrap.lines(text, width: room, indent: "      ") : [text] {
                    try output.line(margin + line)
                }
            }
        }
        let warnings = findings.count { $0.status == .warn }
        let failures = findings.count { $0.status == .fail }
        try output.line()
        try output.line(
            failures == 0 && warnings == 0
                ? "nothing to fix"
                : [(failures, "failure"), (warnings, "warning")].filter { $0.0 > 0 }
                    .map { NumberText.counted($0.0, $0.1) }.joined(separator: ", "))
        try output.finish()
    }
}
