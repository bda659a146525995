public import BPStore
import BPJSON
import BPSQLite
import BPText

/// A movable name for a version of a model.
public struct AliasRecord: Sendable, Equatable {
    /// The model.
    public let model: String
    /// The alias.
    public let name: String
    /// The version that it names.
    public let version: Int
    /// When it was last moved, in microseconds since 1970.
    package let moved: Int64
}

/// How an alias was set, moved or removed.
public struct AliasMove: Sendable, Equatable {
    /// The model.
    public let model: String
    /// The alias.
    public let alias: String
    /// The version that it named; nil where it is new.
    public let from: Int?
    /// The version that it names now; nil where it was removed.
    public let to: Int?
}

extension Registry {
    /// Makes an alias name a version; only this moves it. One that names the version already is left as it is.
    /// - Throws: `badName`; `notFound` when there is no such model or version; `readOnly`, `diskFull`, `inputOutput`.
    public func setAlias(_ alias: String, to version: Int, ofModel name: String) throws(RegistryError) -> AliasMove {
        let alias = try ModelName.alias(alias).text
        return try writing { store in
            _ = try store.version(version, ofModel: name)
            var model = try store.modelRow(name)
            let now = environment.now()
            let row = TableRow(
                .alias,
                ["model": model["id"], "name": .text(alias), "version": .int(version), "moved": .integer(now)])
            let known = try store.row(.alias, Array(row.key))
            let move = AliasMove(model: name, alias: alias, from: try known?.int("version"), to: version)
            if move.from == version { return move }
            if known == nil {
                try store.insert(row)
                try model.add(1, to: "aliases")
                try store.update(model)
            } else {
                try store.update(row)
            }
            try store.addEvent(.alias, of: Subject.model(name), at: now, move.json)
            return move
        }
    }

    /// Takes an alias away.
    /// - Throws: `notFound` naming the aliases, or models, there are; `readOnly`, `diskFull`, `inputOutput`.
    public func removeAlias(_ alias: String, ofModel name: String) throws(RegistryError) -> AliasMove {
        try writing { store in
            var model = try store.modelRow(name)
            let row = try store.aliasRow(alias, of: model)
            try store.delete(row)
            try model.add(-1, to: "aliases")
            try store.update(model)
            let move = AliasMove(model: name, alias: alias, from: try row.int("version"), to: nil)
            try store.addEvent(.alias, of: Subject.model(name), at: environment.now(), move.json)
            return move
        }
    }

    /// The aliases of a model, or of all, by model and name.
    /// - Throws: `notFound` naming the models there are.
    public func aliases(ofModel name: String? = nil) throws(RegistryError) -> [AliasRecord] {
        try reading { store in
            let models = try name.map { [try store.modelRow($0)] } ?? store.rows(.model, "ORDER BY name")
            return try models.flatMap { model in
                let rows = try store.rows(.alias, "WHERE model = ? ORDER BY name", [model["id"]])
                guard try rows.count == model.int("aliases") else {
                    throw store.damaged(
                        "model \(model.keyText)", "\(rows.count) aliases, its row tells another number")
                }
                return try rows.map { row in
                    AliasRecord(
                        model: try model.text("name"), name: try row.text("name"), version: try row.int("version"),
                        moved: try row.int64("moved"))
                }
            }
        }
    }
}

extension Store {
    /// The row of an alias that a person named.
    /// - Throws: `RegistryError.notFound` naming the aliases there are, and those that look alike.
    func aliasRow(_ alias: String, of model: TableRow) throws -> TableRow {
        if let row = try row(.alias, [model["id"], .text(alias)]) { return row }
        let name = try model.text("name")
        let names = try connection.all(
            "SELECT name FROM alias WHERE model = ? ORDER BY name", [model["id"]], as: String.self)
        throw RegistryError.notFound(
            reference: "\(name)@\(alias)", what: "no such alias",
            exists: names.isEmpty ? "\(name) has no alias" : "\(name) has " + list(names.map { "\(name)@\($0)" }),
            near: NearNames.of(alias, among: names).map { "\(name)@\($0)" })
    }
}

extension AliasMove {
    fileprivate var json: JSONValue {
        ["alias": .string(alias), "from": JSONValue(from), "to": JSONValue(to)]
    }
}
