import ArgumentParser
import BPData
import BPRegistry
import BPReport
import BPTraining

/// `bpreg train`
struct TrainCommand: Subcommand {
    static let help = Help(
        "train", "Train a network on a table, resume a run, or fork one",
        usage: """
            bpreg train DATA --target COLUMN [options]
            bpreg train --resume [RUN] [--epochs N] [options of the run]
            bpreg train --from REF [DATA] [--epochs N] [changed options]
            """,
        examples: [
            ("bpreg train iris.csv --target species", "a new run"),
            ("bpreg train --resume 1 --epochs 200", "resume run 1"),
            ("bpreg train --from 1@epoch:50 --learning-rate 0.01", "fork run 1 at epoch 50"),
        ],
        notes: """
            A resumed run continues exactly where it stopped, and its settings cannot change. A fork is a new run that
            begins at a point of another run, with the settings that you change here.

            Ctrl-C, SIGTERM and SIGHUP end the iteration, commit everything and print the command that resumes the run.
            A second signal ends the process at once.
            """,
        exits: .computing, .signals, [.diverged, .runAlive], page: "docs/commands.md#bpreg-train")

    @Argument(
        help: ArgumentHelp(
            """
            A file: CSV with a header, IDX, NPY or NPZ, also gzipped; - for standard input. With --resume a run (default: \
            the newest that can be resumed). With --from other data with the same columns (default: the data of the \
            parent)
            """, valueName: "data"))
    var source: String?

    @Flag(help: "Resume a run exactly where it stopped")
    var resume = false

    @Option(
        help: ArgumentHelp(
            "Point of another run, or version, at which a fork begins (default: none, a new run)", valueName: "ref"))
    var from: String?

    @Option(
        help: ArgumentHelp(
            "Model that gets the new version (default: the name of the file; with --from the model of the parent)",
            valueName: "name"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "File with the data of the run to resume or fork (default: the registry's copy, otherwise the recorded path)",
            valueName: "file"))
    var data: String?

    @OptionGroup(title: "Data") var dataOptions: DataOptions
    @OptionGroup(title: "Network") var network: SettingOptions<NetworkSettings>
    @OptionGroup(title: "Update rule") var rule: SettingOptions<RuleSettings>
    @OptionGroup(title: "Run") var runOptions: RunOptions
    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        try dataOptions.check(isNew: !resume && from == nil)
        try runOptions.check()
        if resume, let from {
            throw Failure(
                .usage, "--from begins a new run, and --resume continues an existing one",
                at: "--from \(ShellText.quoted(from)) --resume",
                next: "leave out one of them",
                correction: .removing([], flags: ["--resume"], remark: "a new run; or --resume without --from"))
        }
        if resume { return try goOn(output) }
        return try from.map { try fork($0, output) } ?? begin(output)
    }

    /// The data of `run`, which is resumed or forked.
    private func keptData(ofRun run: Int, in registry: Registry) throws -> DataFile {
        // At a fork onto other data the reading options are about these.
        if data != nil || source == nil || resume {
            try KeptDataOption.check(data, dataOptions.reading.given, run: run, in: registry)
        }
        return DataFile(path: data, choices: try dataOptions.reading.choices())
    }

    private func begin(_ output: Output) throws -> ExitStatus {
        guard let source else {
            throw Failure(
                .usage, "no data file is given", at: "bpreg train",
                next: "name the file with the table, or resume a run with --resume")
        }
        if let data {
            throw Failure(
                .usage, "--data is the data of a run that --resume or --from names; a new run takes only DATA",
                at: "\(ShellText.quoted(source)) --data \(ShellText.quoted(data))",
                next: "leave out --data", correction: .removing("--data"))
        }
        let table = try dataOptions.reader().read(path: NamedFile.input(source))
        let plan: TrainingPlan
        do {
            plan = try TrainingPlan(table, options: try trainingOptions(), model: model)
        } catch TrainingError.noTarget(let overview) {
            for note in table.notes { Notes.say(note) }
            throw try TargetHelp.failure(
                overview, of: table, command: "bpreg train \(ShellText.quoted(source))")
        }
        return try start(plan.checked(attempt()), in: open(.creating), output)
    }

    private func fork(_ reference: String, _ output: Output) throws -> ExitStatus {
        if source == nil, let type = dataOptions.types.choices.first {
            throw Failure.needless(
                "--type", "\(type.column)=\(type.type)",
                "--type is for DATA; without it the columns are the parent's")
        }
        let registry = try open(.writing)
        let origin = try Reference(reference)
        let parent = try registry.recordedPoint(origin).run
        let table = try source.map { path in
            let ignored = try TrainingPlan.ignoredColumns(forking: origin, in: registry)
            return try dataOptions.reader(ignoring: ignored, rules: registry.readingRules(of: origin))
                .read(path: NamedFile.input(path))
        }
        let plan = try TrainingPlan(
            forking: origin, in: registry, options: try trainingOptions(), table: table,
            file: try keptData(ofRun: parent, in: registry), model: model)
        let attempt = try attempt()
        let checked: CheckedPlan
        do {
            checked = try plan.checked(attempt)
        } catch TrainingError.setting(name: "epochs", let limit, _) where attempt.epochs == nil {
            let done = plan.origin?.point.epoch ?? 0
            throw Failure(
                .usage,
                "its parent has done \(NumberText.counted(done, "epoch")) there, all that its limit of \(limit) allows",
                at: "--from \(reference)",
                next: (["bpreg"] + CommandLine.arguments.dropFirst() + ["--epochs", "\(2 * max(1, done))"])
                    .map(ShellText.quoted).joined(separator: " "))
        }
        return try start(checked, in: registry, output)
    }

    private func start(_ checked: CheckedPlan, in registry: Registry, _ output: Output) throws -> ExitStatus {
        let plan = checked.plan
        let difference = try plan.isNameDerived ? nil : plan.difference(in: registry)
        for note in plan.notes { Notes.say(note) }
        for warning in plan.warnings { Notes.warn(warning) }
        if let difference { Notes.warn(TrainingText.warning(of: difference)) }
        Notes.warnOfInstructionSet()
        let signals = StopSignals.listen()
        let session = try TrainingSession.start(
            checked, in: registry, durability: try runOptions.durability() ?? .full,
            datasetLimit: runOptions.datasetLimit?.bytes ?? TrainingDefaults.datasetLimit)
        Notes.say(
            "run \(session.run) of model \(session.model): \(TrainingText.summary(plan.spec)), "
                + NumberText.counted(session.epochs, "epoch")
                + (plan.origin.map {
                    ", from run \($0.point.run) after iteration " + NumberText.grouped($0.point.iteration)
                }
                    ?? ""))
        return try TrainingRun(session, options, signals).finish(output)
    }

    private func goOn(_ output: Output) throws -> ExitStatus {
        try refuseAtResume()
        let registry = try open(.writing)
        try Notes.say(ofLogIn: registry)
        let run = try source.map { try TrainCommand.run($0, in: registry) }
        let signals = StopSignals.listen()
        let resumption: Resumption
        let file = try (run ?? registry.newestResumableRun()?.number).map { try keptData(ofRun: $0, in: registry) }
        do {
            resumption = try TrainingSession.resume(
                run, in: registry, options: try trainingOptions(), attempt: try attempt(),
                durability: try runOptions.durability(), file: file)
        } catch TrainingError.nothingResumable {
            throw try ResumeHelp.nothing(in: registry, options.registry.location)
        } catch TrainingError.setting(name: "epochs", let value, _) {
            throw try ResumeHelp.epochs(value, of: run, in: registry, options.registry.location)
        }
        switch resumption {
        case .nothingToDo(let run, let reason):
            try TrainingText.nothingToDo(run, reason, registryOption.location, json: options.json, output)
            return .done
        case .session(let session):
            Notes.warnOfInstructionSet()
            if let warning = try session.outputWarning() { Notes.warn(warning) }
            Notes.say(
                "run \(session.run) of model \(session.model) resumes after iteration "
                    + NumberText.grouped(session.resumedIteration))
            return try TrainingRun(session, options, signals).finish(output)
        }
    }

    /// Opens the registry and prints its notices.
    private func open(_ purpose: Registry.Purpose) throws -> Registry {
        let registry = try Registry.open(
            at: options.registry.path, for: purpose, durability: try runOptions.durability() ?? .full)
        for notice in registry.notices { Notes.say(RegistryText.notice(notice)) }
        return registry
    }
}
