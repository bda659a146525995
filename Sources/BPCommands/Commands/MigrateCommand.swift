import ArgumentParser
import BPJSON
import BPRegistry
import BPReport

/// `bpreg migrate`
struct MigrateCommand: Subcommand {
    static let help = Help(
        "migrate", "Migrate the registry to the schema of this bpreg",
        usage: "bpreg migrate [--status] [options]",
        examples: [
            ("bpreg migrate --status", "show whether a migration is due"),
            ("bpreg migrate", ""),
            ("bpreg migrate --registry other.sqlite --json", ""),
        ],
        notes: """
            A copy of the registry is made first. bpreg train migrates by itself. Commands that only read refuse an older
            schema.
            """,
        exits: .registry, page: "docs/upkeep.md")

    @Flag(help: "Only show whether a migration is due")
    var status = false

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let state = try status ? look() : migrate()
        if options.json {
            try output.object([
                "registry": .string(options.registry.path), "due": .bool(state.due), "from": JSONValue(state.from),
                "to": JSONValue(state.to), "backup": JSONValue(state.backup),
            ])
        } else {
            try output.line(SafeText.line("\(options.registry.path): \(state.words)"))
        }
        return .done
    }

    /// The migration that is due or was done.
    private struct State {
        var due = false
        var from: Int?
        var to: Int?
        var backup: String?
        var words = "the schema is up to date"
    }

    private func look() throws -> State {
        do {
            _ = try Registry.open(at: options.registry.path, for: .reading)
            return State()
        } catch RegistryError.schemaOlder(_, let found, let needed) {
            return State(
                due: true, from: found, to: needed,
                words: "schema \(found) must be migrated to \(needed): bpreg migrate\(options.registry.hint)")
        }
    }

    private func migrate() throws -> State {
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        var state = State()
        for case .migrated(let from, let to, let backup) in registry.notices {
            state = State(from: from, to: to, backup: backup, words: "migrated from schema \(from) to \(to)")
            if let backup { state.words += "; the copy from before is \(backup)" }
        }
        try registry.close()
        return state
    }
}
