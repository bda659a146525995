import ArgumentParser
import BPReport

/// `bpreg doctor`
struct DoctorCommand: Subcommand {
    static let help = Help(
        "doctor", "Check registry, disk and machine, and suggest fixes",
        usage: "bpreg doctor [options]",
        examples: [
            ("bpreg doctor", ""),
            ("bpreg doctor --json", ""),
            ("bpreg doctor --registry other.sqlite", ""),
        ],
        notes: """
            Checks SQLite, the file and its disk, the schema, samples of seals and contents, a stretch of one run's history,
            interrupted runs and the use of space. Changes nothing. Warnings end with 0. verify and audit check everything.
            """,
        exits: .registry, [.notReproducible], meaning: [.done: "nothing failed"], page: "docs/upkeep.md#doctor")

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let doctor = Doctor(options.registry.location)
        let findings = doctor.examine()
        try Doctor.write(findings, as: options.format, to: output)
        if let failure = doctor.failure(findings) { throw failure }
        return .done
    }
}
