import ArgumentParser
import BPRegistry
import BPReport
import BPTraining

/// What a command takes that may have to recompute.
struct KeptDataOption: ParsableArguments {
    @OptionGroup(title: "Data") var data: DataPathOption

    @OptionGroup(title: "Data") var reading: ReadingOptions

    /// The file.
    var path: String? { data.path }

    /// Refuses the options if one was given: nothing is recomputed.
    func refuse(_ reason: String) throws {
        if let path { throw Failure.needless("--data", path, reason) }
        try reading.refuse(reason)
    }

    /// The file with the data, and the way to read it.
    func file(forRun run: Int, in registry: Registry) throws -> DataFile {
        try KeptDataOption.check(path, reading.given, run: run, in: registry)
        return DataFile(path: path, choices: try reading.choices())
    }

    /// The same for a command that also takes other data. If these are given, the reading options are about them.
    func file(besides other: String?, of reference: Reference, in registry: Registry) throws -> DataFile {
        let run = try registry.recordedPoint(reference).run
        if other == nil { return try file(forRun: run, in: registry) }
        try KeptDataOption.check(path, nil, run: run, in: registry)
        return DataFile(path: path)
    }

    /// The same for a command that computes with several runs again.
    func file(forRuns runs: [Int], in registry: Registry) throws -> DataFile {
        if try runs.allSatisfy(registry.keepsData) { return try file(forRun: runs[0], in: registry) }
        return DataFile(path: path, choices: try reading.choices())
    }

    /// Says that a file is not needed if the registry keeps the data, and refuses options of a file if none is read.
    /// - Parameter option: the first option that was given about how the file is read.
    static func check(
        _ path: String?, _ option: (name: String, value: String)?, run: Int, in registry: Registry
    ) throws {
        if path == "-" {
            let file = FreeName.beside("data.csv")
            throw Failure(
                .usage, "--data takes a file, not standard input, which can be read only once", at: "--data -",
                next: ShellText.command(Array(CommandLine.arguments.dropFirst()), replacing: "-", with: file)
                    .map { "cat > \(file) && \($0)" } ?? "write the data into a file, and name it")
        }
        guard path != nil || option != nil, try registry.keepsData(ofRun: run) else { return }
        if path != nil {
            Notes.say("the registry keeps the data of run \(run): --data is compared with them, and not needed")
        } else if let option {
            throw Failure.needless(
                option.name, option.value,
                "\(option.name) is about a file, and none is read: the registry keeps the data of run \(run)")
        }
    }
}

/// The same for a command whose `--format` is about something else.
struct KeptPartsOption: ParsableArguments {
    @OptionGroup(title: "Data") var data: DataPathOption

    @OptionGroup(title: "Data") var parts: PartOptions

    /// The file.
    var path: String? { data.path }

    /// The file with the data, and the way to read it.
    func file(forRun run: Int, in registry: Registry) throws -> DataFile {
        try KeptDataOption.check(path, parts.given, run: run, in: registry)
        return DataFile(path: path, choices: parts.choices)
    }
}

/// The file of a run's data.
struct DataPathOption: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "File with the run's data (default: the registry's copy, otherwise the recorded path)", valueName: "file"))
    var path: String?
}
