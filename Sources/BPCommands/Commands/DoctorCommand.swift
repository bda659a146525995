import ArgumentParser
import BPReport

/// `bpreg doctor`
struct DoctorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Looks at all that a registry's health depends on, and tells what mends it.",
        discussion: """
            SQLite, the file and where it lies, the schema, a sample of seals and contents, a stretch of a run's history, \
            runs that wait to be resumed, what the file is filled with. Changes nothing. Ends with 0 where nothing has \
            failed, warnings or not. verify and audit look at everything.
            """)

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
