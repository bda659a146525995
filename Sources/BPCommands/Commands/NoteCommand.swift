import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg note REF`
struct NoteCommand: Subcommand {
    static let help = Help(
        "note", "Add, edit, remove or list notes on a run or a version",
        usage: """
            bpreg note REF ["TEXT"] [options]
            bpreg note REF --edit ID "TEXT" [options]
            bpreg note REF --remove ID [options]
            """,
        examples: [
            ("bpreg note 1 \"forgot the scaling\"", "add"),
            ("bpreg note 1", "list"),
            ("bpreg note 1 --edit 1 \"scaled by hand\"", "change note 1"),
            ("bpreg note 1 --remove 1", ""),
        ],
        notes: """
            bpreg log shows every change and keeps the earlier text of a note.
            """,
        exits: .registry, page: "docs/commands.md#bpreg-note")

    @Argument(help: "A run or a version; a model means its current version")
    var ref: String

    @Argument(help: "The text of the note")
    var text: String?

    @Option(help: ArgumentHelp("Number of the note to change (default: add a note)", valueName: "id"))
    var edit: Int?

    @Option(help: ArgumentHelp("Number of the note to remove (default: none)", valueName: "id"))
    var remove: Int?

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let isReading = text == nil && remove == nil
        guard edit == nil || (text != nil && remove == nil), remove == nil || text == nil else {
            throw Failure(
                .usage, edit == nil ? "--remove takes no text" : "--edit takes the new text", at: "bpreg note",
                next: edit == nil ? "leave out the text" : "give the new text behind the run or version",
                correction: edit == nil ? text.map { .replacing($0, with: nil) } : nil)
        }
        if let text, !text.contains(where: { !$0.isWhitespace }) {
            throw Failure(
                .usage, "the note has no text", at: ShellText.quoted(text), next: "give a text in quotes")
        }
        let registry = try Registry.open(at: options.registry.path, for: isReading ? .reading : .writing)
        let subject = try Subject(ref, in: registry)
        if let id = edit ?? remove {
            let notes = try registry.notes(of: subject)
            guard notes.contains(where: { $0.id == id }) else {
                let ids = notes.map { "\($0.id)" }.joined(separator: ", ")
                throw Failure(
                    .failed, "\(subject) has no note \(id); " + (ids.isEmpty ? "it has none" : "its notes are \(ids)"),
                    at: ref, next: "bpreg note \(ref)\(options.registry.hint)   # lists them")
            }
        }
        switch (edit, remove, text) {
        case (let id?, _, let text?): _ = try registry.editNote(id, to: text)
        case (_, let id?, _): _ = try registry.removeNote(id)
        case (nil, nil, let text?): _ = try registry.addNote(text, to: subject)
        default: break
        }
        try NoteList.columns.write(
            registry.notes(of: subject), as: options.format, empty: "\(subject) has no notes", to: output)
        return .done
    }
}
