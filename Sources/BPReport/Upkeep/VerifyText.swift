package import BPJSON
package import BPRegistry

/// The result of `verify`, as JSON and in words.
package struct VerifyText {
    private let report: VerifyReport
    private let bytes: Int
    private let location: RegistryLocation

    /// - Parameter bytes: the size of the registry's file.
    package init(_ report: VerifyReport, bytes: Int, of location: RegistryLocation) {
        (self.report, self.bytes, self.location) = (report, bytes, location)
    }

    package var members: [String: JSONValue] {
        [
            "registry": .string(location.path), "sound": .bool(report.isSound), "bytes": JSONValue(bytes),
            "checked": VerifyText.counts(report),
            "findings": .array(report.findings.map(VerifyText.object)),
        ]
    }

    /// The failure that a damaged registry is, or nil if it is sound.
    package var failure: Failure? {
        report.isSound
            ? nil
            : Failure(
                .damaged, "the registry is damaged: " + VerifyText.count(report.findings), at: location.place,
                next: VerifyText.remedy)
    }

    /// Prints a line for each finding, and the verdict.
    package func write(to output: Output) throws {
        for finding in report.findings {
            try output.line(SafeText.line("damaged: \(finding.table) \(finding.row): \(finding.what)"))
        }
        let verdict = report.isSound ? "sound" : "damaged: " + VerifyText.count(report.findings)
        try output.line(
            SafeText.line(
                "\(location.path) is \(verdict)\(report.isSound ? ": " : " in ")\(VerifyText.summary(report, bytes: bytes))"
            ))
    }

    /// The way out of a damaged registry.
    package static let remedy = "use a backup; show and history can still read the sound parts"

    private static func count(_ findings: [VerifyReport.Finding]) -> String {
        NumberText.counted(findings.count, "finding")
    }

    /// How many rows were checked, by table.
    package static func counts(_ report: VerifyReport) -> JSONValue {
        let counts = report.counts.map { (String($0.name.map { $0 == " " ? "_" : $0 }), JSONValue($0.value)) }
        return .object(Dictionary(counts, uniquingKeysWith: { first, _ in first }))
    }

    /// `2 runs, 320,000 iterations, 12 keyframes, 3 versions, 1.2 MB`; JSON has the counts of all tables.
    /// - Parameter bytes: the size of the file.
    package static func summary(_ report: VerifyReport, bytes: Int) -> String {
        func count(_ name: String) -> Int { report.counts.first { $0.name == name }?.value ?? 0 }
        let parts = [("run", "run"), ("iterations", "iteration"), ("keyframe", "keyframe"), ("version", "version")]
        let deletions = count("deletion")
        let kept = deletions == 0 ? [] : [NumberText.counted(deletions, "deletion") + " to undo"]
        return (parts.map { NumberText.counted(count($0.0), $0.1) } + kept + [NumberText.bytes(Double(bytes))])
            .joined(separator: ", ")
    }

    private static func object(_ finding: VerifyReport.Finding) -> JSONValue {
        ["table": .string(finding.table), "row": .string(finding.row), "what": .string(finding.what)]
    }
}
