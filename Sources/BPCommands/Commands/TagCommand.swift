import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg tag REF NAME=VALUE …`
struct TagCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Sets, changes or removes named values of a run or a version, or lists them.",
        usage: """
            bpreg tag REF NAME=VALUE ... [options]
            bpreg tag REF --remove NAME ... [options]
            bpreg tag REF [options]
            """,
        discussion: "What a tag was before is in bpreg log REF.")

    @Argument(help: "A run, as 7, or a version, as iris:3; a model means its current version.")
    var ref: String

    @Argument(help: ArgumentHelp("Tags to set, as draft=yes.", valueName: "name=value"))
    var tags: [String] = []

    @Option(
        parsing: .singleValue, help: ArgumentHelp("A tag to take away; may be given several times.", valueName: "name"))
    var remove: [String] = []

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [.words("tag"), .words("value"), .time("created", "set"), .hidden("subject")]

    static let changeColumns: [TableColumn] = [
        .words("tag"), .words("value"), .words("before"), .hidden("subject"),
    ]

    func execute(_ output: Output) throws -> ExitStatus {
        // All are read before the first is set.
        let pairs = try tags.map { try TagCommand.pair($0) }
        let isChange = !pairs.isEmpty || !remove.isEmpty
        let registry = try Registry.open(at: options.registry.path, for: isChange ? .writing : .reading)
        let subject = try AnnotatedThing.subject(ref, in: registry, options.registry)
        let place = AnnotatedThing.reference(subject)
        guard isChange else {
            let table = TableWriter(TagCommand.columns, format: options.format, output: output)
            for tag in try registry.tags(of: subject) {
                try table.add([.string(tag.name), .string(tag.value), TimeText.json(tag.created), .string(place)])
            }
            try table.finish(empty: "\(subject) has no tags; bpreg tag \(ref) draft=yes sets one")
            return .done
        }
        let table = TableWriter(TagCommand.changeColumns, format: options.format, output: output)
        let removed = try remove.map { try registry.removeTag($0, of: subject) }
        for change in try removed + pairs.map({ try registry.setTag($0.name, to: $0.value, of: subject) }) {
            try table.add([.string(change.name), JSONValue(change.to), JSONValue(change.from), .string(place)])
        }
        try table.finish(empty: "")
        return .done
    }

    private static func pair(_ text: String) throws -> (name: String, value: String) {
        guard let mark = text.firstIndex(of: "=") else {
            throw Failure(
                .usage, "a tag is set as NAME=VALUE", at: ShellText.quoted(text), next: ShellText.quoted(text + "=yes"))
        }
        return (try ModelName(String(text[..<mark])).text, String(text[text.index(after: mark)...]))
    }
}
