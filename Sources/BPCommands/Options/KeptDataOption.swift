import ArgumentParser

/// What a command takes that may have to recompute.
struct KeptDataOption: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The data, where the registry keeps only their hash.", valueName: "file"))
    var file: String?
}
