import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg alias VERSION NAME`
struct AliasCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "alias", abstract: "Gives a version of a model another name, moves or removes one, or lists them.",
        usage: """
            bpreg alias VERSION NAME [options]
            bpreg alias MODEL@NAME --remove [options]
            bpreg alias [MODEL] [options]
            """,
        discussion: """
            iris@production then means the version wherever a REF is taken. An alias never moves by itself; every move \
            is in bpreg log iris.
            """)

    @Argument(help: "iris:3, or iris for its current version; alone, a model whose aliases are listed.")
    var ref: String?

    @Argument(help: "The alias: a letter or _, then letters, digits, . _ and -; not last, best or current.")
    var name: String?

    @Flag(help: "Take the alias MODEL@NAME away.")
    var remove = false

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    static let columns: [TableColumn] = [
        .words("alias"), .words("names"), .time("moved"), .hidden("model"), .hidden("name"), .hidden("version"),
    ]

    static let changeColumns: [TableColumn] = [
        .words("alias"), .words("names"), .words("before"), .hidden("model"), .hidden("name"), .hidden("version"),
        .hidden("from_version"),
    ]

    func execute(_ output: Output) throws -> ExitStatus {
        if remove { return try removed(output) }
        guard let ref, let name else { return try list(output) }
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        guard case .version(let version) = try registry.resolve(Reference(ref)) else {
            throw Failure(
                .usage, "an alias names a version, and \(ref) is none", at: ref,
                next: "bpreg version \(ref)\(options.registry.hint)   # makes it one")
        }
        try print(try registry.setAlias(name, to: version.number, ofModel: version.model), output)
        return .done
    }

    private func removed(_ output: Output) throws -> ExitStatus {
        guard let ref, case .alias(let model, let alias) = try Reference(ref), name == nil else {
            throw Failure(
                .usage, "--remove takes an alias, as MODEL@NAME",
                at: ([ref, name].compactMap { $0 } + ["--remove"]).joined(separator: " "),
                next: "bpreg alias iris@production --remove\(options.registry.hint)")
        }
        let registry = try Registry.open(at: options.registry.path, for: .writing)
        try print(try registry.removeAlias(alias, ofModel: model), output)
        return .done
    }

    private func list(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        var aliases: [AliasRecord]
        switch try ref.map({ try Reference($0) }) {
        case nil: aliases = try registry.aliases()
        case .model(let model)?: aliases = try registry.aliases(ofModel: model)
        case let reference?:
            guard case .version(let version) = try registry.resolve(reference) else {
                throw Failure(
                    .usage, "aliases are a model's, and \(ref ?? "") is none", at: ref,
                    next: "bpreg alias\(options.registry.hint)   # lists them all")
            }
            aliases = try registry.aliases(ofModel: version.model).filter { $0.version == version.number }
        }
        let table = TableWriter(AliasCommand.columns, format: options.format, output: output)
        for alias in aliases {
            try table.add([
                .string("\(alias.model)@\(alias.name)"), .string("\(alias.model):\(alias.version)"),
                TimeText.json(alias.moved), .string(alias.model), .string(alias.name), JSONValue(alias.version),
            ])
        }
        try table.finish(empty: "no aliases; bpreg alias \(ref ?? "iris:1") production gives one")
        return .done
    }

    private func print(_ move: AliasMove, _ output: Output) throws {
        func name(_ version: Int?) -> String? { version.map { "\(move.model):\($0)" } }
        let alias = "\(move.model)@\(move.alias)"
        guard options.format == .text else {
            let table = TableWriter(AliasCommand.changeColumns, format: options.format, output: output)
            try table.add([
                .string(alias), JSONValue(name(move.to)), JSONValue(name(move.from)), .string(move.model),
                .string(move.alias), JSONValue(move.to), JSONValue(move.from),
            ])
            return try table.finish(empty: "")
        }
        let change: String
        switch (name(move.from), name(move.to)) {
        case (let from?, nil): change = "removed; it named \(from)"
        case (nil, let to): change = "names \(to ?? "")"
        case (let from?, let to?):
            change = from == to ? "names \(to) already" : "names \(to); it named \(from)"
        }
        try output.line(SafeText.line("\(alias) \(change)"))
        try output.finish()
    }
}
