import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg gc`
struct GarbageCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Frees what nothing needs, and makes the file smaller.",
        discussion: """
            The time in which deletions can be undone ends: what was kept of them is freed. What leads to the head of a run, to a pin, a version or a fork stays, back to its start. What rollbacks left \
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
        try options.print(GarbageText(report, isDryRun: dryRun), to: output)
        if !options.json, dryRun, !report.isEmpty {
            let count = report.deletions.count
            let ends =
                count == 0
                ? "" : "   # ends the time in which \(count == 1 ? "a deletion" : "\(count) deletions") can be undone"
            Notes.next("bpreg gc\(options.registry.hint)\(ends)")
        }
        return .done
    }
}
