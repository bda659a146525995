import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg runs`
struct RunsCommand: Subcommand {
    static let help = Help(
        "runs", "List runs, filtered and sorted",
        usage: "bpreg runs [--where EXPRESSION] [--sort KEYS] [--tree] [options]",
        examples: [
            ("bpreg runs --where 'val_loss < 0.1' --sort val_loss --limit 20", ""),
            ("bpreg runs --where 'status = \"running\" or started >= \"2026-11-24\"'", ""),
            ("bpreg runs --where 'not tag.draft = \"yes\" and hidden like \"64,%\"'", ""),
            ("bpreg runs --tree", ""),
        ],
        notes: """
            Losses are those of the last complete epoch. The column best is the epoch with the lowest validation loss.
            """,
        exits: .registry, page: "docs/query.md")

    @OptionGroup var list: ListOptions

    @Flag(help: "Show forks below their parents, with the settings that changed")
    var tree = false

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        if tree, options.format != .text {
            throw Failure(
                .usage, "a tree is text only",
                at: options.json ? "--tree --json" : "--tree --csv",
                next: "bpreg runs \(options.json ? "--json" : "--csv")   # has parent_run and parent_iteration")
        }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        if options.format == .text { try Notes.say(ofLogIn: registry) }
        if tree {
            try RunList.writeTree(list.query(), in: registry, to: output)
        } else {
            try RunList.write(list.query(), in: registry, as: options.format, to: output)
        }
        return .done
    }
}
