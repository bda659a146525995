import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg gc`
struct GarbageCommand: Subcommand {
    static let help = Help(
        "gc", "Free the space that nothing needs",
        usage: "bpreg gc [--dry-run] [options]",
        examples: [
            ("bpreg gc --dry-run", "show what would be freed"),
            ("bpreg gc", ""),
            ("bpreg gc --registry other.sqlite --json", ""),
        ],
        notes: """
            Everything that leads to the head of a run, a pin, a version or a fork is kept. The parts that rollbacks superseded
            are freed, and the rollbacks can then no longer be undone; neither can deletions. Unused datasets and weights are
            freed too, and keyframes above the budget of a run. Runs may be training meanwhile.
            """,
        exits: .registry, page: "docs/upkeep.md#gc")

    @Flag(help: "Show what would be freed, and change nothing")
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
