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
}
