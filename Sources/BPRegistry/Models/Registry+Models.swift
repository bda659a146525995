public import BPStore
import BPSQLite
import BPText

extension Registry {
    /// All models, by name.
    public func models() throws(RegistryError) -> [ModelRecord] {
        try reading { store in
            try store.rows(.model, "ORDER BY name").map { row in
                ModelRecord(
                    name: try row.text("name"), uuid: try row.uuid("uuid"),
                    currentVersion: try row.optionalInt("current_version"), versionCount: try row.int("versions"),
                    runCount: try row.int("runs"), created: try row.int64("created"))
            }
        }
    }

    /// The versions of a model, or of all by model; of each the highest number first.
    /// - Throws: `notFound` naming the models there are.
    public func versions(ofModel name: String? = nil) throws(RegistryError) -> [VersionRecord] {
        try reading { store in
            let models = try name.map { [try store.modelRow($0)] } ?? store.rows(.model, "ORDER BY name")
            return try models.flatMap { model in
                let rows = try store.rows(.version, "WHERE model = ? ORDER BY number DESC", [model["id"]])
                guard try rows.count == model.int("versions") else {
                    throw store.damaged(
                        "model \(model.keyText)", "\(rows.count) versions, its row tells another number")
                }
                return try rows.map { try store.version($0, of: model) }
            }
        }
    }

    /// The version `number` of a model.
    /// - Throws: `notFound` naming the versions, or models, there are.
    public func version(ofModel name: String, _ number: Int) throws(RegistryError) -> VersionRecord {
        try reading { store in try store.version(number, ofModel: name) }
    }

    /// The versions whose weights a run computed, in the order in which they were made; those made by hand may be of
    /// other models than the run's.
    public func versions(ofRun number: Int) throws(RegistryError) -> [VersionRecord] {
        try reading { store in
            let run = try store.runRow(number)
            let rows = try store.rows(.version, "WHERE run = ? ORDER BY id", [number])
            guard try rows.count == run.int("versions") else {
                throw store.damaged("run \(number)", "\(rows.count) versions, its row tells another number")
            }
            return try rows.map { try store.version($0, of: store.need(.model, [$0["model"]])) }
        }
    }
}

extension Store {
    /// The row of a model that a person named.
    /// - Throws: `RegistryError.notFound` naming the models there are, and those that look alike.
    package func modelRow(_ name: String) throws -> TableRow {
        if let row = try rows(.model, "WHERE name = ?", [name]).first { return row }
        let names = try connection.all("SELECT name FROM model ORDER BY name", as: String.self)
        throw RegistryError.notFound(
            reference: name, what: "no model of this name",
            exists: names.isEmpty
                ? "there is no model yet" : (names.count == 1 ? "the only one is " : "the models are ") + list(names),
            near: NearNames.of(name, among: names))
    }

    package func version(_ number: Int, ofModel name: String) throws -> VersionRecord {
        let model = try modelRow(name)
        if let row = try rows(.version, "WHERE model = ? AND number = ?", [model["id"], number]).first {
            return try version(row, of: model)
        }
        let numbers = try connection.all(
            "SELECT number FROM version WHERE model = ? ORDER BY number DESC", [model["id"]], as: Int.self)
        throw RegistryError.notFound(
            reference: "\(name):\(number)", what: "no such version",
            exists: numbers.isEmpty ? "\(name) has no version" : "\(name) has " + list(numbers.map { "\(name):\($0)" }),
            near: [])
    }

    func version(_ row: TableRow, of model: TableRow) throws -> VersionRecord {
        try version(row, of: model, tensorNames(of: row, .versionTensor))
    }

    func version(_ row: TableRow, of model: TableRow, _ tensors: [TensorName]) throws -> VersionRecord {
        let number = try row.int("number")
        return VersionRecord(
            model: try model.text("name"), number: number, uuid: try row.uuid("uuid"), run: try row.int("run"),
            attempt: try row.optionalInt("attempt"), segment: try row.int("segment"),
            iteration: try row.int("iteration"),
            epoch: try row.int("epoch"), isCurrent: try model.optionalInt("current_version") == number,
            descriptionJSON: try row.text("description"), metricsJSON: try row.text("metrics"),
            tensors: tensors, created: try row.int64("created"),
            archive: try tensors.lazy.compactMap { try archive(of: $0.digest) }.first)
    }
}
