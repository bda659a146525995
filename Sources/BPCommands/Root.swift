import ArgumentParser
import BPReport
import BPTraining

/// `bpreg` itself: the list of commands, a first session, the exit codes.
struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bpreg",
        abstract: "Trains multilayer perceptrons by error backpropagation and remembers every step of it.",
        discussion: """
            A first session:
              bpreg train iris.csv --target species   train, and record every iteration
              bpreg train --resume                    go on after Ctrl-C or a kill
              bpreg runs                              what was trained
              bpreg history 1                         the epochs of run 1
              bpreg predict iris iris.csv             what model iris says of each row
              bpreg rollback 1@epoch:50               back to any point, and on from there

            A REF names a run, a point of it, or a version of a model:
              7   7@last   7@best   7@epoch:50   7@iteration:1234   7.1@last (segment 1)
              iris   iris:3   iris@production         current, version 3, the alias

            Exit codes:
            \(ExitStatus.table)
            """,
        version: "bpreg \(bpregVersion)",
        groupedSubcommands: [
            CommandGroup(
                name: "Training",
                subcommands: [TrainCommand.self, PredictCommand.self, EvaluateCommand.self, GradcheckCommand.self]),
            CommandGroup(
                name: "Looking",
                subcommands: [
                    RunsCommand.self, ModelsCommand.self, VersionsCommand.self, DatasetsCommand.self, ShowCommand.self,
                    HistoryCommand.self, PlotCommand.self, CompareCommand.self, SQLCommand.self,
                ]),
            CommandGroup(
                name: "Going back, and keeping",
                subcommands: [
                    RollbackCommand.self, LogCommand.self, PinCommand.self, VersionCommand.self, AliasCommand.self,
                    TagCommand.self, NoteCommand.self,
                ]),
            CommandGroup(
                name: "Elsewhere",
                subcommands: [
                    ArchiveCommand.self, RestoreCommand.self, InspectCommand.self, ExportCommand.self,
                    ImportCommand.self,
                ]),
            CommandGroup(
                name: "Proof and upkeep",
                subcommands: [
                    AuditCommand.self, DivergeCommand.self, VerifyCommand.self, DeleteCommand.self,
                    GarbageCommand.self, BackupCommand.self, DoctorCommand.self, MigrateCommand.self,
                ]),
        ]
    )
}
