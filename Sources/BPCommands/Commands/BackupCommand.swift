import ArgumentParser
import BPJSON
import BPRegistry
import BPReport

/// `bpreg backup FILE`
struct BackupCommand: Subcommand {
    static let help = Help(
        "backup", "Copy the registry to a file, even while runs are training",
        usage: "bpreg backup FILE [options]",
        examples: [
            ("bpreg backup backup.sqlite", ""),
            ("bpreg backup backup.sqlite --force", "replace an older backup"),
            ("bpreg backup copy.sqlite --json", ""),
        ],
        notes: """
            The copy shows the registry at one moment. It is verified, and gets its name when it is complete and synced. Runs
            that are training are interrupted in the copy, where they can be resumed.
            """,
        exits: .registry, page: "docs/upkeep.md#backup")

    @Argument(help: "The file to write")
    var file: String

    @OptionGroup var overwrite: OverwriteOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        if NamedFile.isSame(file, options.registry.path) {
            throw Failure(
                .usage, "\(file) is the registry itself", at: ShellText.quoted(file), next: "name another file",
                correction: .replacing(file, with: BackupCommand.copyName(file)))
        }
        let replaces = try overwrite.mayReplace(file, in: registry, registries: true)
        let report = try copy(registry, replacing: replaces)
        let bytes = FileFacts(path: file).bytes ?? 0
        if options.json {
            try output.object([
                "registry": .string(options.registry.path), "backup": .string(file), "bytes": JSONValue(bytes),
                "checked": VerifyText.counts(report),
            ])
        } else {
            try output.line(
                SafeText.line("\(file) is sound: \(VerifyText.summary(report, bytes: bytes))"))
        }
        return .done
    }

    /// `bpreg-copy.sqlite` beside `bpreg.sqlite`, with a number if that is taken.
    private static func copyName(_ path: String) -> String {
        let (stem, name) = (NamedFile.stem(of: path), NamedFile.name(of: path))
        let front = path.dropLast(name.count) + stem + "-copy"
        let names = sequence(first: 1) { $0 + 1 }.lazy.map { number in
            String(front) + (number == 1 ? "" : "\(number)") + String(name.dropFirst(stem.count))
        }
        return names.first { FileFacts(path: $0).bytes == nil } ?? path
    }

    private func copy(_ registry: Registry, replacing: Bool) throws -> VerifyReport {
        let place = ShellText.quoted(file)
        do {
            return try registry.backup(to: file, replacing: replacing)
        } catch let error {
            switch error {
            case .diskFull, .inputOutput, .readOnly:
                throw Failure(.storage, error.description, at: place, next: "name a file where there is space for it")
            case .conflict(_, let what):
                throw Failure(.usage, "\(file): \(what)", at: place, next: "name another file")
            case .damaged:
                throw Failure(
                    .damaged, "there is no copy, since the registry is damaged: \(error.description)",
                    at: options.registry.place,
                    next: "bpreg verify\(options.registry.hint)   # lists all damage")
            default: throw error
            }
        }
    }
}
