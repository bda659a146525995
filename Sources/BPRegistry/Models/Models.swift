package import BPStore
import BPText

/// Models, versions and aliases by the names that people use.
package struct Models {
    let store: Store

    package init(_ store: Store) { self.store = store }

    /// The model of this name.
    /// - Throws: `RegistryError.notFound` with the models that exist, and similar names.
    package func model(_ name: String) throws -> ModelRow {
        if let model = try store.models.find(name: ComposedText.of(name)) { return model }
        let names = try store.models.all().map(\.name)
        throw RegistryError.notFound(
            reference: name, what: "no model of this name",
            exists: names.isEmpty
                ? "there is no model yet" : (names.count == 1 ? "the only one is " : "the models are ") + list(names),
            near: NearNames.of(name, among: names))
    }

    /// The model of this name, or all models.
    func models(_ name: String?) throws -> [ModelRow] { try name.map { [try model($0)] } ?? store.models.all() }

    /// The alias of a model.
    /// - Throws: `RegistryError.notFound` with the aliases that exist, and similar names.
    package func alias(_ alias: String, of model: ModelRow) throws -> AliasRow {
        if let row = try store.aliases.find(model: model.id, name: ComposedText.of(alias)) { return row }
        let names = try store.aliases.all(ofModel: model.id).map(\.name)
        throw RegistryError.notFound(
            reference: "\(model.name)@\(alias)", what: "no such alias",
            exists: names.isEmpty
                ? "\(model.name) has no alias" : "\(model.name) has " + list(names.map { "\(model.name)@\($0)" }),
            near: NearNames.of(alias, among: names).map { "\(model.name)@\($0)" })
    }

    /// The version with this number.
    /// - Throws: `RegistryError.notFound` with the versions, or models, that exist.
    package func version(_ number: Int, ofModel name: String) throws -> VersionRecord {
        let model = try model(name)
        if let row = try store.versions.find(model: model.id, number: number) { return try record(row, of: model) }
        let numbers = try store.versions.all(ofModel: model.id).map(\.number)
        throw RegistryError.notFound(
            reference: "\(name):\(number)", what: "no such version",
            exists: numbers.isEmpty ? "\(name) has no version" : "\(name) has " + list(numbers.map { "\(name):\($0)" }),
            near: [])
    }

    /// The version that an alias names.
    /// - Throws: `RegistryError.notFound` with the aliases, or models, that exist.
    func version(alias: String, ofModel name: String) throws -> VersionRecord {
        try version(self.alias(alias, of: model(name)).version, ofModel: name)
    }

    /// The current version of a model.
    /// - Throws: `RegistryError.notFound` with the runs of the model if it has no version.
    func currentVersion(ofModel name: String) throws -> VersionRecord {
        let model = try model(name)
        if let number = model.currentVersion { return try version(number, ofModel: name) }
        let runs = try store.runs.numbers(ofModel: model.id).reversed().map(String.init)
        throw RegistryError.notFound(
            reference: name, what: "the model has no version yet",
            exists: runs.isEmpty
                ? "it has no run" : (runs.count == 1 ? "its only run is " : "its runs are ") + list(runs),
            near: Array(runs.prefix(1)))
    }

    /// The record of a version, with its tensors.
    package func record(_ version: VersionRow) throws -> VersionRecord {
        try record(version, of: store.models.need(version.model))
    }

    /// The records of the versions with these keys, in the given order. Missing versions are left out.
    func records(_ keys: [Int]) throws -> [VersionRecord] { try keyedRecords(keys).map(\.record) }

    /// The same, each with its key.
    func keyedRecords(_ keys: [Int]) throws -> [(key: Int, record: VersionRecord)] {
        let rows = try store.versions.all(keys)
        let models = try store.models.all(Set(rows.map(\.model)))
        let tensors = try store.versions.tensors(of: keys)
        return try rows.map { row in
            guard let model = models[row.model] else {
                throw store.damaged("version id=\(row.id)", "its model is missing")
            }
            let names = tensors[row.id] ?? []
            try store.check(names.count, "tensors", are: row.tensors, of: row)
            return (row.id, try record(row, of: model, names))
        }
    }

    /// The record of a version whose model was already read, with its tensors.
    func record(_ version: VersionRow, of model: ModelRow) throws -> VersionRecord {
        try record(version, of: model, store.versions.tensors(of: version))
    }

    /// The record of a version whose model and tensors were already read.
    func record(_ version: VersionRow, of model: ModelRow, _ tensors: [TensorName]) throws -> VersionRecord {
        VersionRecord(
            model: model.name, number: version.number, uuid: version.uuid, run: version.run, attempt: version.attempt,
            segment: version.segment, iteration: version.iteration, epoch: version.epoch,
            isCurrent: model.currentVersion == version.number, descriptionJSON: version.descriptionJSON,
            metricsJSON: version.metricsJSON, tensors: tensors, created: version.created,
            archive: try tensors.lazy.compactMap { try store.archives.holder(of: $0.digest) }.first)
    }
}
