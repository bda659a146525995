import ArgumentParser
import BPInterchange
import BPTransfer
import BPRegistry
import BPReport

/// `bpreg restore FILE`
struct RestoreCommand: Subcommand {
    static let help = Help(
        "restore", "Restore runs and models from an archive or another registry",
        usage: "bpreg restore FILE [options]",
        examples: [
            ("bpreg restore iris.archive.safetensors", "an archive"),
            ("bpreg restore other.sqlite", "all runs of another registry"),
            ("bpreg restore iris.archive.safetensors --registry new.sqlite", "into a new registry"),
        ],
        notes: """
            Existing runs are recognised, so restoring twice changes nothing. A run that the file continues is extended. Runs
            and versions keep their numbers if these are free. The registry is created if there is none. The content of FILE
            decides what it is. Another registry is verified first.
            """,
        exits: .registry, [.runAlive, .badData], page: "docs/archive.md#bringing-it-back")

    @Argument(help: "An archive, or another registry")
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
