import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg note REF`
struct NoteCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Writes a note about a run or a version, or lists them.",
        usage: """
            bpreg note 7 "forgot the scaling"     adds
            bpreg note 7                          lists
            bpreg note 7 --edit 3 "new text"      changes note 3
            bpreg note 7 --remove 3
            """,
        discussion: "Every change is an event that bpreg log shows; what a note said before stays there.")

    @Argument(help: "A run or a version; a model stands for its current version.")
    var ref: String

    @Argument(help: "The text.")
    var text: String?

    @Option(help: ArgumentHelp("Give this note the text.", valueName: "id"))
    var edit: Int?

    @Option(help: ArgumentHelp("Take this note away.", valueName: "id"))
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
