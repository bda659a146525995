import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg runs`
struct RunsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Lists all runs, newest first.",
        usage: "bpreg runs [--where EXPRESSION] [--sort KEYS] [--tree] [options]",
        discussion: """
            Losses are those of the last epoch that ended; best is the epoch of the lowest validation loss.

              bpreg runs --where 'val_loss < 0.1 and optimizer = "adam"' --sort val_loss --limit 20
              bpreg runs --where 'status = "running" or started >= "2026-11-24"'
              bpreg runs --where 'not tag.draft = "yes" and hidden like "64,%"'
            """)

    @OptionGroup var list: ListOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Groups of runs with the same values of these names: count, mean and standard deviation of their results.",
            valueName: "name,name"))
    var groupBy: String?

    @Flag(help: "Print forks under the runs they come from, with the settings that were changed.")
    var tree = false

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        try checkOptions()
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        if options.format == .text { try Notes.say(ofLogIn: registry) }
        if tree {
            try RunList.writeTree(list.query(), in: registry, to: output)
        } else if let groupBy {
            let query = try list.query()
            try RunGroups(query, by: groupBy, in: registry).write(as: options.format, empty: query, to: output)
        } else {
            try RunList.write(list.query(), columns: list.columns, in: registry, as: options.format, to: output)
        }
        return .done
    }

    /// Refuses options that have no use together.
    private func checkOptions() throws {
        if tree, options.format != .text {
            throw Failure(
                .usage, "a tree is text; lists tell each run's parent",
                at: options.json ? "--tree --json" : "--tree --csv",
                next: "bpreg runs \(options.json ? "--json" : "--csv")   # has parent_run and parent_iteration")
        }
        if tree, let groupBy {
            throw Failure(
                .usage, "--tree shows single runs, and --group-by groups of runs",
                at: "--tree --group-by \(ShellText.quoted(groupBy))", next: "remove --tree or --group-by",
                correction: .removing([], flags: ["--tree"]))
        }
        guard let columns = list.columns else { return }
        if tree {
            throw Failure(
                .usage, "a tree has its own columns", at: "--tree --columns \(ShellText.quoted(columns))",
                next: "remove --tree or --columns", correction: .removing("--columns"))
        }
        if groupBy != nil {
            throw Failure(
                .usage, "groups have their own columns", at: "--group-by --columns \(ShellText.quoted(columns))",
                next: "remove --group-by or --columns", correction: .removing("--columns"))
        }
    }
}
