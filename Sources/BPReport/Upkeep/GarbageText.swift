package import BPJSON
package import BPRegistry

/// The result of `gc`, or of its dry run, as JSON and in words.
package struct GarbageText: Details {
    private let report: GarbageReport
    private let isDryRun: Bool

    package init(_ report: GarbageReport, isDryRun: Bool) { (self.report, self.isDryRun) = (report, isDryRun) }

    package var members: [String: JSONValue] {
        let kinds = report.kinds.map { kind -> (String, JSONValue) in
            (kind.name, ["count": JSONValue(kind.count), "bytes": JSONValue(kind.bytes)])
        }
        return [
            "dry_run": .bool(isDryRun), "freed": .object(Dictionary(kinds, uniquingKeysWith: { first, _ in first })),
            "runs": .array(
                report.runs.map {
                    [
                        "run": JSONValue($0.run), "iterations": JSONValue($0.iterations),
                        "epochs": JSONValue($0.epochs),
                        "keyframes": JSONValue($0.keyframes),
                    ]
                }),
            "deletions": .array(report.deletions.map { .object(DeletionList.columns.members(of: $0)) }),
            "bytes_before": JSONValue(report.bytesBefore), "bytes_after": JSONValue(report.bytesAfter),
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.part(report.isEmpty ? nil : isDryRun ? "would be freed" : "freed")
        for kind in report.kinds where kind.count > 0 {
            let bytes = kind.bytes > 0 ? ", " + NumberText.bytes(Double(kind.bytes)) : ""
            fields.add(kind.name, NumberText.grouped(kind.count) + bytes)
        }
        if report.isEmpty { fields.add("freed", "nothing") }
        if !report.runs.isEmpty {
            fields.part("of runs")
            for run in report.runs { fields.add("run \(run.run)", GarbageText.text(run)) }
        }
        if !report.deletions.isEmpty {
            fields.part(isDryRun ? "could not be undone any more" : "can no longer be undone")
            for deletion in report.deletions {
                fields.add(
                    "\(deletion.subject)",
                    "deleted on \(TimeText.plain(deletion.deleted)): \(DeletionText.summary(deletion.deletion))")
            }
        }
        fields.part("file")
        fields.add(isDryRun ? "now" : "before", NumberText.bytes(Double(report.bytesBefore)))
        fields.add("after", report.bytesAfter.map { NumberText.bytes(Double($0)) })
        return fields
    }

    private static func text(_ run: GarbageReport.Run) -> String {
        [
            (run.iterations, "superseded iteration"), (run.epochs, "epoch"), (run.keyframes, "keyframe"),
        ].filter { $0.0 > 0 }.map { NumberText.counted($0.0, $0.1) }.joined(separator: ", ")
    }
}
