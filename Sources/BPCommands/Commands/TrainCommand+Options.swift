import BPCore
import BPData
import BPRegistry
import BPReport
import BPTraining

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The values of the options.
extension TrainCommand {
    /// The choices that make the spec; at a resume they must agree with it.
    func trainingOptions() throws -> TrainingOptions {
        var choices = TrainingChoices()
        try dataOptions.apply(to: &choices)
        try network.apply(to: &choices)
        try rule.apply(to: &choices)
        try runOptions.run.apply(to: &choices)
        return choices.options
    }

    /// The choices that may change at each resume.
    func attempt() throws -> AttemptOptions {
        var choices = TrainingChoices()
        try runOptions.run.apply(to: &choices)
        try runOptions.record.apply(to: &choices)
        return choices.attempt
    }

    /// The run that `--resume` is given. The error for a data file there explains that a new run takes one.
    static func run(_ text: String, in registry: Registry) throws -> Int {
        if Int(text) == nil, text.lowercased().hasSuffix(".csv") || access(text, F_OK) == 0 {
            throw Failure(
                .usage, "--resume takes a run, and \(text) is a file; a run keeps the data that it was trained on",
                at: "--resume \(ShellText.quoted(text))",
                next: "leave out --resume for a new run",
                correction: .removing([], flags: ["--resume"], remark: "a new run"))
        }
        let line = try RunLine(text, in: registry)
        if let segment = line.segment, case .run = try Reference(text) {
            throw Failure(
                .usage, "a run is resumed at its head, not at its segment \(segment)", at: "--resume \(text)",
                next: "name the run alone: \(line.run)", correction: .replacing(text, with: "\(line.run)"))
        }
        return line.run
    }

    /// Options that mean nothing at a resume, and are not settings that could agree with the run's own.
    func refuseAtResume() throws {
        let given = [
            model.map { "--model " + ShellText.quoted($0) },
            runOptions.datasetLimit.map { "--dataset-limit \($0.bytes)" },
            dataOptions.types.choices.first.map { "--type " + ShellText.quoted("\($0.column)=\($0.type)") },
        ]
        guard let option = given.compactMap({ $0 }).first else { return }
        throw Failure(
            .usage, "a run keeps its model and its data; they cannot change at a resume", at: option,
            next: "leave it out",
            correction: .removing(String(option.prefix { $0 != " " })))
    }
}

/// The help without a target: the columns, and the likely one.
enum TargetHelp {
    /// The most columns that are listed: of more the first and the last.
    private static let most = 40

    /// Lists the columns on standard error.
    /// - Parameter command: the typed command, which takes a target.
    /// - Returns: the error that ends the command.
    static func failure(_ overview: Overview, of read: Table, command: String) throws -> Failure {
        let terminal = Terminal(descriptor: STDERR_FILENO)
        let output = Output(width: terminal.width, isTerminal: terminal.isTerminal) { bytes in
            Notes.write(String(decoding: bytes, as: UTF8.self))
        }
        let table = TableWriter(
            [.words("column"), .mark("type"), .mark("distinct"), .words("example", "first value")], format: .text,
            output: output)
        let entries = overview.entries
        let isLong = entries.count > most
        for entry in isLong ? Array(entries.prefix(most - 5) + entries.suffix(5)) : entries {
            try table.add([
                .string(entry.name), .string(entry.type.rawValue), .string("\(entry.distinct)"), .string(entry.example),
            ])
        }
        try table.finish(empty: "")
        if isLong { Notes.say("\(NumberText.grouped(entries.count - most)) columns between these are not listed") }
        if read.lacksLabels {
            return Failure(
                .usage, "the data are a matrix, and neither labels nor a target column are named", at: "--labels",
                next: "name the labels with --labels, one a row, or a column with --target")
        }
        return Failure(
            .usage, "no target is named; \(overview.reason)", at: "--target",
            next: "name one of these columns with --target",
            correction: overview.likelyTarget.map { .adding(["--target", $0]) })
    }
}
