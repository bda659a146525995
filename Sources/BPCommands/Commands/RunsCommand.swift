import ArgumentParser
import BPJSON
import BPRegistry

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

    static let columns: [TableColumn] = [
        .count("run"), .words("model"), .mark("status"), .count("epoch"), .count("iteration"), .measure("loss"),
        .measure("val_loss", "val loss"), .count("best_epoch", "best"), .time("created"), .hidden("reason"),
        .hidden("val_score"), .hidden("score_name"), .hidden("best_iteration"), .hidden("best_val_loss"),
        .hidden("last_loss"), .hidden("seconds"), .hidden("attempt_count"), .hidden("updated"), .hidden("ended"),
        .hidden("dataset_sha256"), .hidden("spec_sha256"), .hidden("uuid"), .hidden("parent_run"),
        .hidden("parent_iteration"), .hidden("segment"), .hidden("segment_count"),
    ]

    func execute(_ output: Output) throws -> ExitStatus {
        if tree, options.format != .text {
            throw Failure(
                .usage, "a tree is text; lists tell each run's parent",
                at: options.json ? "--tree --json" : "--tree --csv",
                next: "bpreg runs \(options.json ? "--json" : "--csv")   # has parent_run and parent_iteration")
        }
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let table = TableWriter(tree ? RunTree.columns : RunsCommand.columns, format: options.format, output: output)
        let listing = try registry.runs(list.query())
        if tree {
            var runs: [RunRecord] = []
            try list.each(listing) { runs.append($0) }
            try RunTree(runs).write(to: table, registry)
        } else {
            try list.each(listing) { try table.add(RunsCommand.row($0)) }
        }
        try table.finish(
            empty: list.filter != nil ? "no run is so" : list.limit == 0 ? "no run is shown" : "no runs yet")
        return .done
    }

    /// A value for each of `columns`.
    static func row(_ run: RunRecord) -> [JSONValue] {
        [
            JSONValue(run.number), .string(run.model), .string(run.status.rawValue), JSONValue(run.epochs),
            JSONValue(run.iterations), JSONValue(run.epochLoss), JSONValue(run.validationLoss),
            JSONValue(run.best?.epoch), TimeText.json(run.created), JSONValue(run.reason),
            JSONValue(run.validationScore), JSONValue(run.scoreName), JSONValue(run.best?.iteration),
            JSONValue(run.best?.loss), JSONValue(run.lastLoss), .seconds(run.seconds), JSONValue(run.attemptCount),
            TimeText.json(run.updated), TimeText.json(run.ended), .string(run.dataset.hex), .string(run.spec.hex),
            .string(run.uuid.description), JSONValue(run.parent?.run), JSONValue(run.parent?.iteration),
            JSONValue(run.headSegment), JSONValue(run.segmentCount),
        ]
    }
}
