import ArgumentParser
import BPTraining

/// What a command takes that may have to recompute.
struct KeptDataOption: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The data, where the registry keeps only their hash.", valueName: "file"))
    var path: String?

    @OptionGroup var reading: ReadingOptions

    /// Where the data are, and how they are read.
    func file() throws -> DataFile { DataFile(path: path, choices: try reading.choices()) }

    /// The same for a command that also takes other data. If these are given, the reading options are about them.
    func file(besides other: String?) throws -> DataFile {
        other == nil ? try file() : DataFile(path: path)
    }
}
