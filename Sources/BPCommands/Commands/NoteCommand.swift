import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg note REF TEXT`
struct NoteCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Writes, edits or removes a note on a run or a version, or lists them.",
        usage: """
            bpreg note REF TEXT [options]
            bpreg note REF --edit ID TEXT [options]
            bpreg note REF --remove ID [options]
            bpreg note REF [options]
            """,
        discussion: "A note keeps its number. What it said before is in bpreg log REF.")

    @Argument(help: "A run, as 7, or a version, as iris:3; a model means its current version.")
    var ref: String

    @Argument(help: "What is to be noted.")
    var text: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The note that gets another text.", valueName: "id"))
    var edit: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("The note to take away.", valueName: "id"))
    var remove: Int?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [
        .count("note"), .words("text"), .time("created", "written"), .hidden("subject"),
    ]

    func execute(_ output: Output) throws -> ExitStatus {
        try check()
        let isChange = text != nil || remove != nil
        let registry = try Registry.open(at: options.registry.path, for: isChange ? .writing : .reading)
        let subject = try AnnotatedThing.subject(ref, in: registry, options.registry)
        if let id = edit ?? remove, !(try registry.notes(of: subject).contains { $0.id == id }) {
            let ids = try registry.notes(of: subject).map { "\($0.id)" }
            throw Failure(
                .failed, "\(subject) has no note \(id); it has " + (ids.isEmpty ? "none" : ids.joined(separator: ", ")),
                at: "\(edit == nil ? "--remove" : "--edit") \(id)",
                next: "bpreg note \(ref)\(options.registry.hint)   # lists them")
        }
        let notes: [NoteRecord] =
            if let remove {
                [try registry.removeNote(remove)]
            } else if let edit, let text {
                [try registry.editNote(edit, to: text)]
            } else if let text {
                [try registry.addNote(text, to: subject)]
            } else {
                try registry.notes(of: subject)
            }
        if remove != nil, options.format == .text {
            try output.line(SafeText.line("removed note \(notes[0].id): \(notes[0].text)"))
            try output.finish()
            return .done
        }
        let table = TableWriter(NoteCommand.columns, format: options.format, output: output)
        for note in notes {
            try table.add([
                JSONValue(note.id), .string(note.text), TimeText.json(note.created),
                .string(AnnotatedThing.reference(note.subject)),
            ])
        }
        try table.finish(empty: "\(subject) has no notes; bpreg note \(ref) \"text\" writes one")
        return .done
    }

    private func check() throws {
        if edit != nil, remove != nil {
            throw Failure(.usage, "--edit and --remove exclude each other", at: "--edit --remove", next: "one of them")
        }
        if let edit, text == nil {
            throw Failure(
                .usage, "--edit wants the new text", at: "--edit \(edit)",
                next: "bpreg note \(ShellText.quoted(ref)) --edit \(edit) \"text\"\(options.registry.hint)")
        }
        if let remove, text != nil {
            throw Failure(
                .usage, "--remove takes no text", at: "--remove \(remove)",
                next: "bpreg note \(ShellText.quoted(ref)) --remove \(remove)\(options.registry.hint)")
        }
    }
}
