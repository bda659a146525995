import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg tag REF`
struct TagCommand: Subcommand {
    static let help = Help(
        "tag", "Set, remove or list the tags of a run or a version",
        usage: "bpreg tag REF [NAME=VALUE ...] [--remove NAME] [options]",
        examples: [
            ("bpreg tag 1 draft=yes owner=ann", "set or change"),
            ("bpreg tag 1 --remove draft", ""),
            ("bpreg tag iris:1", "list"),
        ],
        notes: """
            bpreg runs --where 'tag.draft = "yes"' finds tagged runs. bpreg log shows every change.
            """,
        exits: .registry, page: "docs/commands.md#bpreg-tag")

    @Argument(help: "A run or a version; a model means its current version")
    var ref: String

    @Argument(help: ArgumentHelp("Tags to set", valueName: "name=value"))
    var settings: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Tag to remove; may be repeated (default: none)", valueName: "name"))
    var remove: [String] = []

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let pairs = try settings.map { try TagCommand.pair($0) }
        try refuseTwice(pairs.map(\.name))
        let isReading = pairs.isEmpty && remove.isEmpty
        let registry = try Registry.open(at: options.registry.path, for: isReading ? .reading : .writing)
        let subject = try Subject(ref, in: registry)
        for (name, value) in pairs { _ = try registry.setTag(name, to: value, of: subject) }
        for name in Set(remove).sorted() { _ = try registry.removeTag(name, of: subject) }
        try TagList.columns.write(
            registry.tags(of: subject), as: options.format, empty: "\(subject) has no tags", to: output)
        return .done
    }

    /// Checked before anything is written, so that one wrong tag keeps all from being set.
    /// Refuses a name that is set twice, or set and removed: the order would decide.
    private func refuseTwice(_ names: [String]) throws {
        guard
            let name = names.first(where: { name in
                names.count { $0 == name } > 1 || remove.contains(name)
            })
        else { return }
        let given = settings.filter { $0.hasPrefix(name + "=") } + remove.filter { $0 == name }.map { "--remove \($0)" }
        throw Failure(
            .usage, "the tag \(name) is given \(given.count == 2 ? "twice" : "\(given.count) times")",
            at: given.joined(separator: " "),
            next: "bpreg tag \(ShellText.quoted(ref)) \(ShellText.quoted(given[0]))\(options.registry.hint)")
    }

    private static func pair(_ text: String) throws -> (name: String, value: String) {
        guard let mark = text.firstIndex(of: "=") else {
            // `stage:prod` is `stage=prod` in the spelling of others.
            let mark = text.firstIndex { ":\u{20}".contains($0) }
            let mended = mark.map { "\(text[..<$0])=\(text[text.index(after: $0)...].drop { $0 == " " })" }
            throw Failure(
                .usage, "a tag is set as name=value", at: ShellText.quoted(text),
                next: "write \(mended ?? text + "=yes")",
                correction: .replacing(text, with: mended ?? text + "=yes"))
        }
        return (try ModelName(String(text[..<mark])).text, String(text[text.index(after: mark)...]))
    }
}
