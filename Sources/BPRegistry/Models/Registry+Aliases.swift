public import BPStore
import BPJSON

/// A movable name for a version of a model.
public struct AliasRecord: Sendable, Equatable {
    /// The model.
    public let model: String
    /// The alias.
    public let name: String
    /// The version that it names.
    public let version: Int
    /// The time when it was last moved, in microseconds since 1970.
    package let moved: Int64
}

/// A change of an alias: it was set, moved or removed.
public struct AliasMove: Sendable, Equatable {
    /// The model.
    public let model: String
    /// The alias.
    public let alias: String
    /// The version that it named; nil if it is new.
    public let from: Int?
    /// The version that it names now; nil if it was removed.
    public let to: Int?
}

extension SnapshotReading {
    /// The aliases of a model, or of all, by model and name.
    /// - Throws: `notFound` with the models that exist.
    public func aliases(ofModel name: String? = nil) throws(RegistryError) -> [AliasRecord] {
        try reading { store in
            try Models(store).models(name).flatMap { model in
                let aliases = try store.aliases.all(ofModel: model.id)
                try store.check(aliases.count, "aliases", are: model.aliases, of: model)
                return aliases.map { AliasRecord($0, of: model) }
            }
        }
    }
}

extension Registry {
    /// Points an alias to a version. No other call moves it. Nothing changes if it already names that version.
    /// - Throws: `badName`; `notFound` if there is no such model or version; `readOnly`, `diskFull`, `inputOutput`.
    public func setAlias(_ alias: String, to version: Int, ofModel name: String) throws(RegistryError) -> AliasMove {
        let alias = try ModelName.alias(alias).text
        return try writing { store in
            let models = Models(store)
            _ = try models.version(version, ofModel: name)
            var model = try models.model(name)
            let now = environment.now()
            let row = AliasRow(model: model.id, name: alias, version: version, moved: now)
            let known = try store.aliases.find(model: model.id, name: alias)
            let move = AliasMove(model: name, alias: alias, from: known?.version, to: version)
            if move.from == version { return move }
            if known == nil {
                try store.insert(row)
                model.aliases += 1
                try store.update(model)
            } else {
                try store.update(row)
            }
            try store.events.add(.alias, of: .model(name), at: now, move.json)
            return move
        }
    }

    /// Removes an alias.
    /// - Throws: `notFound` with the aliases, or models, that exist; `readOnly`, `diskFull`, `inputOutput`.
    public func removeAlias(_ alias: String, ofModel name: String) throws(RegistryError) -> AliasMove {
        try writing { store in
            let models = Models(store)
            var model = try models.model(name)
            let row = try models.alias(alias, of: model)
            try store.delete(row)
            model.aliases -= 1
            try store.update(model)
            let move = AliasMove(model: name, alias: alias, from: row.version, to: nil)
            try store.events.add(.alias, of: .model(name), at: environment.now(), move.json)
            return move
        }
    }
}

extension AliasRecord {
    init(_ row: AliasRow, of model: ModelRow) {
        self.init(model: model.name, name: row.name, version: row.version, moved: row.moved)
    }
}

extension AliasMove {
    fileprivate var json: JSONValue {
        ["alias": .string(alias), "from": JSONValue(from), "to": JSONValue(to)]
    }
}
