import ArgumentParser
import BPRegistry
import BPTraining

/// How long a run goes, from which seed, and what may change at each resume.
struct RunOptions: ParsableArguments {
    @OptionGroup var run: SettingOptions<RunSettings>

    @Option(
        name: .customLong("durability"),
        help: ArgumentHelp(
            "full: survives a power cut; normal: may lose the last commits; off: may corrupt the file (default: full)",
            valueName: "full|normal|off"))
    var durabilityName: String?

    @OptionGroup var record: SettingOptions<RecordSettings>

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Largest data to copy into the registry; of larger data it keeps path and hash (default: 2 GiB)",
            valueName: "bytes"))
    var datasetLimit: ByteCount?

    /// Refuses numbers with which no run means anything, before a registry is made.
    func check() throws {
        try run.check()
        try record.check()
        if let datasetLimit { _ = try Check.atLeast(0, datasetLimit.bytes, option: "--dataset-limit") }
    }

    /// How hard a commit is.
    func durability() throws -> Registry.Durability? {
        try durabilityName.map { try RunOptions.durabilities.value($0) }
    }

    private static let durabilities = NameChoice(
        option: "--durability", supported: Registry.Durability.allCases.map(\.rawValue))
}
