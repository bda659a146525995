import ArgumentParser
import BPData
import BPInterchange
import BPReport

/// `bpreg inspect FILE`
struct InspectCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show a table as training would read it, or the contents of an archive.",
        usage: """
            bpreg inspect DATA [--target COLUMN] [--ignore COLUMN] [options]
            bpreg inspect ARCHIVE
            """,
        discussion: """
            The content decides between the two. A table is shown with the types of its columns and the reasons, ranges, \
            missing and distinct values, the proposed target and task, and warnings; columns with faults are shown too. \
            Of an archive the digest over the whole file is compared first, then each content with its hash. The chains \
            of losses are checked by bpreg restore.
            """)

    @Argument(help: "A table: CSV with a header, IDX, NPY or NPZ, also gzipped; - is standard input. Or an archive.")
    var file: String

    @OptionGroup(title: "Tables") var table: InspectionOptions

    @Flag(help: "Print the columns of a table as CSV.")
    var csv = false

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func validate() throws {
        if options.json && csv { throw ValidationError("--json and --csv exclude each other") }
    }

    func execute(_ output: Output) throws -> ExitStatus {
        guard try isArchive() else {
            let survey = try table.reader().survey(path: NamedFile.input(file), try table.choices())
            try TableInspection(survey, file: file, options: table.typed())
                .write(as: options.json ? .json : csv ? .csv : .text, to: output)
            return .done
        }
        try table.refuse(for: file)
        if csv {
            throw Failure(
                .usage, "--csv is for the columns of a table, and \(file) is an archive", at: "--csv",
                next: "bpreg inspect \(ShellText.quoted(file)) --json")
        }
        let archive = try ArchiveFile(file)
        try archive.checkContents()
        try options.print(InspectionText(archive, file: file), to: output)
        return .done
    }

    /// Whether the first bytes are those of an archive. A damaged archive is recognised by its name.
    private func isArchive() throws -> Bool {
        guard file != "-", let input = try? InputFile(file) else { return false }
        switch FileKind(of: try input.bytes(at: 0, count: min(input.size, FileKind.headLength))) {
        case .safetensors: return true
        case .sqlite:
            let path = ShellText.quoted(file)
            throw Failure(
                .badData, "\(file) is an SQLite file, and no archive", at: path,
                next: "bpreg verify --registry \(path)   # if it is a registry")
        case .idx, .npy, .zip, .gzip, .foreign, .other: return file.hasSuffix(".safetensors")
        }
    }
}
