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

    @Flag(help: "Print forks under the runs they come from, with the settings that were changed.")
    var tree = false

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        if tree, options.format != .text {
            throw Failure(
                .usage, "a tree is text; lists tell each run's parent",
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
