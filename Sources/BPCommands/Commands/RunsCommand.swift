import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg runs`
struct RunsCommand: Subcommand {
    static let help = Help(
        "runs", "List runs, filtered and sorted",
        usage: """
            bpreg runs [--where EXPRESSION] [--sort KEYS] [--columns NAMES] [options]
            bpreg runs --group-by NAMES [options]
            bpreg runs --tree [options]
            """,
        examples: [
            ("bpreg runs --where 'val_loss < 0.1' --sort val_loss --limit 20", ""),
            ("bpreg runs --where 'status = \"running\" or started >= \"2026-11-24\"'", ""),
            ("bpreg runs --where 'not tag.draft = \"yes\" and hidden like \"64,%\"'", ""),
            ("bpreg runs --group-by learning_rate", ""), ("bpreg runs --tree", ""),
        ],
        notes: """
            The table shows the settings in which the runs differ, and their results. A * marks the best of the runs that can be
            compared: those with the same data, target, split and loss function.
            """,
        exits: .registry, page: "docs/query.md")

    @OptionGroup var list: ListOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Names to group by, with the count, mean and standard deviation of each group (default: no groups)",
            valueName: "name,name"))
    var groupBy: String?

    @Flag(help: "Show forks below their parents, with the settings that changed")
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
                .usage, "a tree is text only",
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
