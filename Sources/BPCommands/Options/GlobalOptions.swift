import ArgumentParser

/// What every command takes: where the registry is.
struct RegistryOption: ParsableArguments {
    @Option(
        name: .customLong("registry"),
        help: ArgumentHelp(
            "The registry: one SQLite file (default: $BPREG_REGISTRY, else ./bpreg.sqlite).", valueName: "path"))
    var given: String?

    /// The path as asked for: the option, else `BPREG_REGISTRY`, else `bpreg.sqlite` in this folder.
    var path: String {
        if let given { return given }
        if let variable = Terminal.variable("BPREG_REGISTRY"), !variable.isEmpty { return variable }
        return RegistryOption.standard
    }

    /// The name of a registry that nobody named.
    static let standard = "bpreg.sqlite"

    /// The path with where it comes from, for the `at:` of an error.
    var place: String {
        if given != nil { return "--registry \(ShellText.quoted(path))" }
        return path == RegistryOption.standard ? "\(path) (--registry, BPREG_REGISTRY)" : "BPREG_REGISTRY=\(path)"
    }

    /// ` --registry PATH` for a command to type next, or nothing where the path is the usual one or comes from the
    /// environment, which the next command has too.
    var hint: String {
        given.map { " --registry " + ShellText.quoted($0) } ?? ""
    }
}

/// What a command takes that prints one thing.
struct ObjectOptions: ParsableArguments {
    @OptionGroup var registry: RegistryOption

    @Flag(help: "Print one JSON object.")
    var json = false
}

/// What a command takes that prints a table.
struct TableOptions: ParsableArguments {
    @OptionGroup var registry: RegistryOption

    @Flag(help: "Print a JSON list of objects.")
    var json = false

    @Flag(help: "Print CSV.")
    var csv = false

    func validate() throws {
        if json && csv { throw ValidationError("--json and --csv exclude each other") }
    }

    /// The shape asked for.
    var format: OutputFormat { json ? .json : csv ? .csv : .text }
}
