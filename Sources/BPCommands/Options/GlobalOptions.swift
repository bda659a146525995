import ArgumentParser
import BPReport

/// The option of every command: the registry.
struct RegistryOption: ParsableArguments {
    @Option(
        name: .customLong("registry"),
        help: ArgumentHelp(LeadingOptions.registry.text, valueName: LeadingOptions.registry.valueName))
    var given: String?

    /// The registry that was named: by the option, otherwise by `BPREG_REGISTRY`, otherwise `bpreg.sqlite` in this folder.
    var location: RegistryLocation {
        RegistryLocation(given: given, variable: Terminal.variable("BPREG_REGISTRY"))
    }

    var path: String { location.path }
    var place: String { location.place }
    var hint: String { location.hint }
}

/// The options of commands that print one thing.
struct ObjectOptions: ParsableArguments {
    @OptionGroup var registry: RegistryOption

    @Flag(help: ArgumentHelp(LeadingOptions.json.text))
    var json = false

    /// Prints `details` in the shape asked for.
    func print(_ details: any Details, to output: Output) throws {
        try details.write(asJSON: json, hint: registry.hint, to: output)
    }
}

/// The options of commands that print a table.
struct TableOptions: ParsableArguments {
    @OptionGroup var registry: RegistryOption

    @Flag(help: ArgumentHelp(LeadingOptions.json.text))
    var json = false

    @Flag(help: ArgumentHelp(LeadingOptions.csv.text))
    var csv = false

    func validate() throws {
        if json && csv { throw ValidationError("--json and --csv cannot be combined") }
    }

    /// The shape asked for.
    var format: OutputFormat { json ? .json : csv ? .csv : .text }
}
