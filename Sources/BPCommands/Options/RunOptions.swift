import ArgumentParser
import BPRegistry
import BPTraining

/// How long a run goes, from which seed, and what may change at each resume.
struct RunOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The total of epochs, also at a resume (default: \(TrainingDefaults.epochs)).", valueName: "n"))
    var epochs: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Of first weights, shuffles and split (default: \(TrainingDefaults.seed)).", valueName: "n"))
    var seed: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("End when neighbouring epochs' losses differ by less (default: never).", valueName: "x"))
    var tolerance: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("Default: all processors; changes no bit.", valueName: "n"))
    var threads: Int?

    @Option(
        name: .customLong("durability"),
        help: ArgumentHelp(
            "full survives a power cut; normal may lose the last commits, off the file (default: full).",
            valueName: "full|normal|off"))
    var durabilityName: String?

    @Option(
        name: .customLong("keep"),
        help: ArgumentHelp("Whose weights the version has (default: best if validated).", valueName: "last|best"))
    var keepName: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Room for keyframes that only shorten replay (default: 1 GiB).", valueName: "bytes"))
    var keyframeBudget: ByteCount?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Training between keyframes, at least (default: \(TrainingDefaults.keyframeSeconds)).", valueName: "seconds"
        ))
    var keyframeSeconds: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Keep the data up to this size, else their path and hash (default: 2 GiB).", valueName: "bytes"))
    var datasetLimit: ByteCount?

    /// Refuses numbers with which no run means anything, before a registry is made.
    func check() throws {
        if let epochs { _ = try Check.atLeast(1, epochs, option: "--epochs") }
        if let seed { _ = try Check.atLeast(0, seed, option: "--seed") }
        if let threads { _ = try Check.atLeast(1, threads, option: "--threads") }
        if let keyframeSeconds { _ = try Check.notNegative(keyframeSeconds, option: "--keyframe-seconds") }
        if let keyframeBudget { _ = try Check.atLeast(0, keyframeBudget.bytes, option: "--keyframe-budget") }
        if let datasetLimit { _ = try Check.atLeast(0, datasetLimit.bytes, option: "--dataset-limit") }
    }

    /// Whose weights the version has.
    func keep() throws -> AttemptOptions.Keep? { try keepName.map { try RunOptions.keeps.value($0) } }

    /// How hard a commit is.
    func durability() throws -> Registry.Durability? {
        try durabilityName.map { try RunOptions.durabilities.value($0) }
    }

    private static let durabilities = NameChoice(
        option: "--durability", supported: Registry.Durability.allCases.map(\.rawValue))
    private static let keeps = NameChoice(
        option: "--keep", supported: AttemptOptions.Keep.allCases.map(\.rawValue))
}
