import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg verify`
struct VerifyCommand: Subcommand {
    static let help = Help(
        "verify", "Check every hash, seal and chain in the registry",
        usage: "bpreg verify [options]",
        examples: [
            ("bpreg verify", ""),
            ("bpreg verify --json", ""),
            ("bpreg verify --registry other.sqlite", ""),
        ],
        notes: """
            bpreg verify also detects damage that SQLite's own check misses. It changes nothing.
            """,
        exits: [.done, .noRegistry, .schema, .damaged, .storage, .usage],
        meaning: [.done: "sound", .storage: "log missing or file replaced"], page: "docs/recording.md#damage")

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let path = options.registry.path
        let (report, bytes) = try verify(path)
        let text = VerifyText(report, bytes: bytes, of: options.registry.location)
        if options.json { try output.object(text.members) } else { try text.write(to: output) }
        if let failure = text.failure { throw failure }
        return .done
    }

    /// A registry that cannot be read through is damaged, whatever kept it from being read.
    private func verify(_ path: String) throws -> (report: VerifyReport, bytes: Int) {
        do {
            let registry = try Registry.open(at: path, for: .reading)
            let report = try registry.verify()
            try Notes.say(ofLogIn: registry)
            // The size is not worth the findings of a file that is broken.
            return (report, (try? registry.fileSize()) ?? FileFacts(path: path).bytes ?? 0)
        } catch {
            // That the file cannot be reached says nothing about what is in it.
            switch error {
            case RegistryError.replaced, RegistryError.log: throw error
            default: break
            }
            let failure = Failure(error, registry: options.registry.location)
            if [.noRegistry, .schema].contains(failure.status) { throw failure }
            let next = failure.status == .damaged ? VerifyText.remedy : failure.advice
            throw Failure(.damaged, failure.what, at: failure.place, next: next)
        }
    }
}
