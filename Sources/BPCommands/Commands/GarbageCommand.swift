import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg gc`
struct GarbageCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Frees what nothing needs, and makes the file smaller.",
        discussion: """
            What leads to the head of a run, to a pin, a version or a fork stays, back to its start. What rollbacks left \
            goes, and with it their undo; so do datasets and weights that nothing refers to, and keyframes above a run's \
            budget. It may run while runs are training.
            """)

    @Flag(help: "Tell what would be freed, and change nothing.")
    var dryRun = false

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: dryRun ? .reading : .writing)
        let report = try dryRun ? registry.garbage() : registry.collectGarbage()
        options.json ? try output.object(members(report)) : try print(report, output)
        return .done
    }

    private func members(_ report: GarbageReport) -> [String: JSONValue] {
        let kinds = report.kinds.map { kind -> (String, JSONValue) in
            (kind.name, ["count": JSONValue(kind.count), "bytes": JSONValue(kind.bytes)])
        }
        return [
            "dry_run": .bool(dryRun), "freed": .object(Dictionary(kinds, uniquingKeysWith: { first, _ in first })),
            "runs": .array(
                report.runs.map {
                    [
                        "run": JSONValue($0.run), "iterations": JSONValue($0.iterations),
                        "epochs": JSONValue($0.epochs),
                        "keyframes": JSONValue($0.keyframes),
                    ]
                }),
            "bytes_before": JSONValue(report.bytesBefore), "bytes_after": JSONValue(report.bytesAfter),
        ]
    }

    private func print(_ report: GarbageReport, _ output: Output) throws {
        var fields = Fields()
        fields.part(report.isEmpty ? nil : dryRun ? "would be freed" : "freed")
        for kind in report.kinds where kind.count > 0 {
            let bytes = kind.bytes > 0 ? ", " + NumberText.bytes(Double(kind.bytes)) : ""
            fields.add(kind.name, NumberText.grouped(kind.count) + bytes)
        }
        if report.isEmpty { fields.add("freed", "nothing") }
        if !report.runs.isEmpty {
            fields.part("of runs")
            for run in report.runs { fields.add("run \(run.run)", GarbageCommand.text(run)) }
        }
        fields.part("file")
        fields.add(dryRun ? "now" : "before", NumberText.bytes(Double(report.bytesBefore)))
        fields.add("after", report.bytesAfter.map { NumberText.bytes(Double($0)) })
        try fields.write(to: output)
        try output.finish()
        if dryRun, !report.isEmpty { Notes.next("bpreg gc\(options.registry.hint)") }
    }

    private static func text(_ run: GarbageReport.Run) -> String {
        [
            (run.iterations, "superseded iteration"), (run.epochs, "epoch"), (run.keyframes, "keyframe"),
        ].filter { $0.0 > 0 }.map { NumberText.counted($0.0, $0.1) }.joined(separator: ", ")
    }
}
