import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg alias VERSION NAME`
struct AliasCommand: Subcommand {
    static let help = Help(
        "alias", "Set, move, remove or list the aliases of versions",
        usage: """
            bpreg alias VERSION NAME [options]
            bpreg alias MODEL@NAME --remove [options]
            bpreg alias [REF] [options]
            """,
        examples: [
            ("bpreg alias iris:1 production", "iris@production is version 1"),
            ("bpreg alias iris@production --remove", ""),
            ("bpreg alias iris", "list the aliases of iris"),
        ],
        notes: """
            An alias never moves by itself: a new version leaves it unchanged.
            """,
        exits: .registry, page: "docs/going-back.md#versions-and-aliases")

    @Argument(help: "A version, a model, or an alias to remove")
    var ref: String?

    @Argument(help: "The new name: a letter or _, then letters, digits, ., _ and -; not last, best or current")
    var name: String?

    @Flag(help: "Remove the alias")
    var remove = false

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        if remove { return try remove(output) }
        guard let ref, let name else {
            let registry = try Registry.open(at: options.registry.path, for: .reading)
            // A version or an alias alone has its own listed.
            switch try ref.map({ try Reference($0) }) {
            case .some(.version), .some(.alias), .some(.uuid):
                guard case .version(let version) = try registry.resolve(Reference(ref ?? "")) else { fallthrough }
                try print(registry.aliases(ofModel: version.model).filter { $0.version == version.number }, output)
            default: try print(registry.aliases(ofModel: ref), output)
            }
            return .done
        }
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        guard case .version(let version) = try registry.resolve(Reference(ref)) else {
            throw Failure(
                .usage, "an alias names a version, and \(ref) is a run", at: ref,
                next: "bpreg version \(ref)\(options.registry.hint)   # makes it a version first")
        }
        let move = try registry.setAlias(name, to: version.number, ofModel: version.model)
        try print(registry.aliases(ofModel: version.model).filter { $0.name == name }, output)
        if let from = move.from, from != move.to { Notes.say("\(move.model)@\(name) was \(move.model):\(from)") }
        return .done
    }

    private func remove(_ output: Output) throws -> ExitStatus {
        guard let ref, name == nil, case .alias(let model, let alias) = try Reference(ref) else {
            throw Failure(
                .usage, "--remove takes an alias", at: [ref, name].compactMap { $0 }.joined(separator: " "),
                next: "name an alias, such as iris@production")
        }
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        let move = try registry.removeAlias(alias, ofModel: model)
        Notes.say("\(model)@\(alias) is removed" + (move.from.map { "; it was \(model):\($0)" } ?? ""))
        try print(registry.aliases(ofModel: model), output)
        return .done
    }

    private func print(_ aliases: [AliasRecord], _ output: Output) throws {
        try AliasList.columns.write(aliases, as: options.format, empty: "no aliases", to: output)
    }
}
