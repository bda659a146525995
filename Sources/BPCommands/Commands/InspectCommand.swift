import ArgumentParser
import BPInterchange
import BPReport

/// `bpreg inspect FILE`
struct InspectCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what an archive holds, and checks it, without a registry.",
        discussion: """
            The digest over the whole file is compared first, then each content with its hash. What restoring it would \
            check besides, the chains of losses among it, needs bpreg restore.
            """)

    @Argument(help: "An archive.")
    var file: String

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        if try NamedFile.isSQLite(InputFile(file)) {
            let path = ShellText.quoted(file)
            throw Failure(
                .badData, "\(file) is an SQLite file, and no archive", at: path,
                next: "bpreg verify --registry \(path)   # if it is a registry")
        }
        let archive = try ArchiveFile(file)
        try archive.checkContents()
        try options.print(InspectionText(archive, file: file), to: output)
        return .done
    }
}
