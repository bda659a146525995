import ArgumentParser
import BPReport
import BPTraining

/// What a command takes that may have to recompute.
struct KeptDataOption: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The data, where the registry keeps only their hash.", valueName: "file"))
    var path: String?

    @OptionGroup var reading: ReadingOptions

    /// Refuses the options if one was given: nothing is recomputed.
    func refuse(_ reason: String) throws {
        if let path {
            throw Failure(.usage, reason, at: "--data \(ShellText.quoted(path))", next: "leave out --data")
        }
        try reading.refuse(reason)
    }

    /// Where the data are, and how they are read.
    func file() throws -> DataFile { DataFile(path: path, choices: try reading.choices()) }
}
