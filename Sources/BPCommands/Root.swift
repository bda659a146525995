import ArgumentParser
import BPReport
import BPTraining

/// `bpreg` itself: the list of commands.
struct Root: ParsableCommand {
    static let sentence = "Train multilayer perceptrons and record every iteration in one SQLite file"

    static let configuration = CommandConfiguration(
        commandName: "bpreg", abstract: sentence, version: "bpreg \(bpregVersion)",
        groupedSubcommands: [
            CommandGroup(
                name: "Train",
                subcommands: [TrainCommand.self, PredictCommand.self, EvaluateCommand.self, GradcheckCommand.self]),
            CommandGroup(
                name: "Inspect",
                subcommands: [
                    InspectCommand.self, RunsCommand.self, ModelsCommand.self, VersionsCommand.self,
                    DatasetsCommand.self, ShowCommand.self, CompareCommand.self, PlotCommand.self,
                    DivergeCommand.self, SQLCommand.self,
                ]),
            CommandGroup(
                name: "History",
                subcommands: [
                    HistoryCommand.self, LogCommand.self, RollbackCommand.self, VersionCommand.self, PinCommand.self,
                    AliasCommand.self, TagCommand.self, NoteCommand.self,
                ]),
            CommandGroup(
                name: "Exchange",
                subcommands: [ExportCommand.self, ImportCommand.self, ArchiveCommand.self, RestoreCommand.self]),
            CommandGroup(
                name: "Maintain",
                subcommands: [
                    VerifyCommand.self, AuditCommand.self, DoctorCommand.self, GarbageCommand.self,
                    DeleteCommand.self, BackupCommand.self, MigrateCommand.self,
                ]),
        ]
    )

    /// A first session.
    static let examples = [
        Help.Example(command: "bpreg train iris.csv --target species", remark: "train, and record every iteration"),
        Help.Example(command: "bpreg train --resume", remark: "resume after Ctrl-C or a kill"),
        Help.Example(command: "bpreg runs", remark: "list the runs"),
        Help.Example(command: "bpreg predict iris iris.csv", remark: "predict each row with model iris"),
        Help.Example(command: "bpreg rollback 1@epoch:50", remark: "return to any recorded point"),
    ]
}
