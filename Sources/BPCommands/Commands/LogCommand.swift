import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg log [REF]`
struct LogCommand: Subcommand {
    static let help = Help(
        "log", "Show the events of a run, a version, a model or the registry",
        usage: "bpreg log [REF] [--limit N] [options]",
        examples: [
            ("bpreg log", "everything that happened"),
            ("bpreg log 1", "run 1, with its segments"),
            ("bpreg log iris --limit 10", "the last ten events of model iris"),
        ],
        notes: """
            Events are starts, ends, resumes, rollbacks, forks, pins, versions, aliases, tags and notes, the newest last. For a
            run the segments come first, for a model its current version and aliases.
            """,
        exits: .registry, page: "docs/going-back.md#the-log")

    @Argument(help: "A run, a model or a version (default: the whole registry)")
    var ref: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Number of last events to show (default: all)", valueName: "n"))
    var limit: Int?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let limit = try self.limit.map { try Check.atLeast(1, $0, option: "--limit") }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let subject = try ref.map { try LogSubject($0, in: registry) }
        if options.format == .text { try subject?.write(in: registry, to: output) }
        let events = try subject?.events(in: registry) ?? registry.events()
        try EventList.write(events.suffix(limit ?? .max), as: options.format, to: output)
        return .done
    }
}
