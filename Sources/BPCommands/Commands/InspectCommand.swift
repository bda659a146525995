import ArgumentParser
import BPData
import BPInterchange
import BPReport

/// `bpreg inspect FILE`
struct InspectCommand: Subcommand {
    static let help = Help(
        "inspect", "Show how training would read a table, or what an archive holds",
        usage: """
            bpreg inspect DATA [--target COLUMN] [--ignore COLUMN] [options]
            bpreg inspect ARCHIVE
            """,
        examples: [
            ("bpreg inspect iris.csv", "columns, types, target, task and warnings"),
            ("bpreg inspect iris.csv --target species --csv", "all columns as CSV"),
            ("bpreg inspect iris.archive.safetensors", "check an archive and list its contents"),
        ],
        notes: """
            The content decides between the two. A table with faults is shown with all of them. For an archive, the digest of
            the whole file and each hash are checked. The chains of losses are checked by bpreg restore.
            """,
        exits: .file, [.schema, .damaged], meaning: [.schema: "a newer archive", .damaged: "damaged archive"],
        page: "docs/commands.md#bpreg-inspect")

    @Argument(help: "A table (CSV with a header, IDX, NPY or NPZ, also gzipped; - for standard input) or an archive")
    var file: String

    @OptionGroup(title: "Tables") var table: InspectionOptions

    @Flag(help: ArgumentHelp(LeadingOptions.csv.text))
    var csv = false

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func validate() throws {
        if options.json && csv { throw ValidationError("--json and --csv cannot be combined") }
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
                .badData, "\(file) is an SQLite file, not an archive", at: path,
                next: "bpreg verify --registry \(path)   # if it is a registry")
        case .idx, .npy, .zip, .gzip, .foreign, .other: return file.hasSuffix(".safetensors")
        }
    }
}
