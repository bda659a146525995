import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg log [REF]`
struct LogCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Shows what happened to a run, a model or a version, and where it stands.",
        usage: "bpreg log [RUN|MODEL|VERSION] [--limit N] [options]",
        discussion: """
            Ends, resumes, rollbacks, forks, pins, versions, aliases, tags, notes: in order, the newest last. Of a run \
            its segments are shown too, of a model its versions' pointers; without a name everything that happened.
            """)

    @Argument(help: "7, iris, iris:3; without it everything is meant.")
    var ref: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Only the last N events.", valueName: "n"))
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
