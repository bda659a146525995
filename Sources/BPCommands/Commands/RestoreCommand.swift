import ArgumentParser
import BPInterchange
import BPTransfer
import BPRegistry
import BPReport

/// `bpreg restore FILE`
struct RestoreCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Brings back what an archive holds, or the runs of another registry.",
        usage: "bpreg restore FILE|OTHER.sqlite [options]",
        discussion: """
            What is there already is recognised, so restoring twice changes nothing. A run that the file continues is \
            extended. Numbers of runs and versions are kept if they are free. The registry is made if there is none. A file is recognised by what is in it, not by its name; \
            another registry must be one of your own: verify looks at all of it first.
            """)

    @Argument(help: "An archive, or a registry.")
    var file: String

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        if try NamedFile.isSQLite(InputFile(file)) {
            let other = try RestoreCommand.openOther(file)
            let registry = try Registry.open(at: options.registry.path, for: .creating)
            let report: RestoreReport
            do {
                report = try other.withTransferSource(of: .all) { try registry.restore(from: $0) }
            } catch let error as RegistryError {
                guard case .archived = error else { throw error }
                // They must be back in the other registry before it can give them.
                throw Failure(error, registry: RegistryLocation(given: file))
            }
            try print(RestoreText(report, file: file, archive: nil, registry: options.registry.path), output)
        } else {
            let archive = try ArchiveFile(file)
            let registry = try Registry.open(at: options.registry.path, for: .creating)
            let report = try registry.restore(from: archive)
            try print(RestoreText(report, file: file, archive: archive.name, registry: options.registry.path), output)
        }
        return .done
    }

    /// Opens another registry, and takes nothing from it that is not sound.
    private static func openOther(_ path: String) throws -> Registry {
        let location = RegistryLocation(given: path)
        do {
            let other = try Registry.open(at: path, for: .reading)
            let report = try other.verify()
            guard report.isSound else {
                throw Failure(
                    .damaged, "the other registry is damaged: \(NumberText.counted(report.findings.count, "finding"))",
                    at: ShellText.quoted(path), next: "bpreg verify\(location.hint)   # lists all damage")
            }
            return other
        } catch {
            throw Failure(error, registry: location)
        }
    }

    private func print(_ text: RestoreText, _ output: Output) throws {
        if !options.json { for note in text.notes { Notes.say(note) } }
        try options.print(text, to: output)
    }
}
