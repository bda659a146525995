import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg tag REF`
struct TagCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Gives a run or a version named values, or lists them.",
        usage: """
            bpreg tag 7 draft=yes owner=ann     sets or changes
            bpreg tag iris:3                    lists
            bpreg tag 7 --remove draft
            """,
        discussion: "Every change is an event that bpreg log shows. runs --where 'tag.draft = \"yes\"' asks for them.")

    @Argument(help: "A run or a version; a model stands for its current version.")
    var ref: String

    @Argument(help: ArgumentHelp("What to set.", valueName: "name=value"))
    var settings: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Take a tag away; may be repeated.", valueName: "name"))
    var remove: [String] = []

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let pairs = try settings.map { try TagCommand.pair($0) }
        let isReading = pairs.isEmpty && remove.isEmpty
        let registry = try Registry.open(at: options.registry.path, for: isReading ? .reading : .writing)
        let subject = try Subject(ref, in: registry)
        for (name, value) in pairs { _ = try registry.setTag(name, to: value, of: subject) }
        for name in remove { _ = try registry.removeTag(name, of: subject) }
        try TagList.columns.write(
            registry.tags(of: subject), as: options.format, empty: "\(subject) has no tags", to: output)
        return .done
    }

    /// Checked before anything is written, so that one wrong tag keeps all from being set.
    private static func pair(_ text: String) throws -> (name: String, value: String) {
        guard let mark = text.firstIndex(of: "=") else {
            throw Failure(.usage, "a tag is set as name=value", at: ShellText.quoted(text), next: "\(text)=yes")
        }
        return (try ModelName(String(text[..<mark])).text, String(text[text.index(after: mark)...]))
    }
}
