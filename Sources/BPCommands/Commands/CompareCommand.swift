import ArgumentParser
import BPData
import BPRegistry
import BPReport
import BPTraining

/// `bpreg compare A B […]`
struct CompareCommand: Subcommand {
    static let help = Help(
        "compare", "Compare models: settings, weights and predictions",
        usage: "bpreg compare REF REF ... [--all] [--split SPLIT | --data FILE] [options]",
        examples: [
            ("bpreg compare 1 2", "two runs, best epochs"),
            ("bpreg compare iris:1 iris:2 --split validation", "another split"),
            ("bpreg compare iris 1@last --data new.csv --rows 10", "other rows"),
        ],
        notes: """
            The first REF is the base, with which each of the others is compared. A run means its best epoch if one has a
            finite validation loss, otherwise its last state. Predictions are compared on the test split if all have the same
            one, otherwise on rows that none was trained on.

            --data compares on all rows of FILE. If FILE is the data of the first REF, of which the registry keeps only the
            hash, the rows are chosen as without --data.
            """,
        exits: .computing, page: "docs/compare.md")

    @Argument(help: ArgumentHelp("Two or more models, versions, runs or points of runs", valueName: "ref"))
    var refs: [String]

    @Option(
        name: .customLong("split"),
        help: ArgumentHelp(
            "Rows of the base to compare on (default: test if all have the same test split, otherwise unseen)",
            valueName: "train|validation|test|all|unseen"))
    var splitName: String?

    @Option(
        help: ArgumentHelp(
            "File with other rows and their target; - for standard input (default: the rows of --split)",
            valueName: "file"))
    var data: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Number of rows with the largest disagreement to list (default: 5 for two models, otherwise 0)",
            valueName: "n"))
    var rows: Int?

    @Flag(help: "Also show what is the same in all models, and the weights layer by layer")
    var all = false

    @OptionGroup(title: "Data") var reading: ReadingOptions
    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        guard refs.count >= 2 else {
            throw Failure(
                .usage, "one model alone cannot be compared", at: ShellText.quoted(refs.first ?? ""),
                next: "name another run or version too")
        }
        if all, options.json {
            throw Failure(
                .usage, "--json has what is the same too: --all changes nothing there", at: "--all",
                next: "leave out --all", correction: .removing(flags: ["--all"]))
        }
        let limit = try Check.atLeast(0, rows ?? 5, option: "--rows")
        let choice = try splitName.map(CompareCommand.rows)
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        Notes.warnOfInstructionSet()
        if data == nil,
            try refs.allSatisfy({ try registry.keepsData(ofRun: registry.recordedPoint(Reference($0)).run) })
        {
            try reading.refuse("no file is read: the rows are those that the registry keeps")
        }
        // A pipe can be read only once, so it cannot be a run's own data.
        let file = data == "-" ? nil : DataFile(path: data, choices: try reading.choices())
        let models = try ComparedModel.all(refs, in: registry, file: file)
        let other = models[0].hasOwnData ? nil : data
        if let other, let splitName {
            throw Failure(
                .usage, "--split is about the stored rows; all rows of \(other) are compared",
                at: "--split \(splitName)", next: "leave out one of them", correction: .removing("--split"))
        }
        let comparison = try Comparison(
            models, in: registry, on: choice ?? other.map { try rows(of: $0, models) } ?? .automatic,
            rowLimit: limit)
        if options.json {
            try output.object(CompareJSON.members(comparison, data: other))
            return .done
        }
        try CompareText(comparison, data: other, isWhole: all, listsRows: rows.map { $0 > 0 } ?? false, output).write()
        for warning in comparison.behaviour?.warnings ?? [] { Notes.warn(warning) }
        return .done
    }

    private static func rows(_ name: String) throws -> RowChoice {
        if name == "unseen" { return .unseen }
        return .split(
            try NameChoice(option: "--split", supported: StoredSplit.allCases.map(\.rawValue) + ["unseen"]).value(name))
    }

    /// The columns that any of the models has use for; of one that two take as different types, as the first does.
    private func rows(of path: String, _ models: [ComparedModel]) throws -> RowChoice {
        let types = models.reduce(into: [String: ColumnType]()) { types, model in
            types.merge(model.loaded.model.encoding.columnTypes(withTarget: true)) { first, _ in first }
        }
        let base = models.first?.loaded
        let table = try reading.reader(
            only: types, target: base?.model.encoding.target.name, rules: base?.readingRules ?? .newest
        ).read(path: NamedFile.input(path))
        for note in table.notes { Notes.say(note) }
        return .data(table)
    }
}
