import BPJSON
import BPStore

/// The content and the origin of a new version.
struct VersionOrigin {
    var run: Int
    /// The attempt whose end creates it; nil if a person creates it.
    var attempt: Int?
    var segment: Int
    var iteration: Int
    var epoch: Int
    var descriptionJSON: String
    var metricsJSON: String
    var tensors: [TensorName]
    /// The version from which it is copied.
    var copied: String?
}

// New models and versions, within a transaction.
extension Models {
    /// Creates a version of a model, and makes it the current one. The caller updates the count in the run's row.
    func addVersion(_ origin: VersionOrigin, to model: inout ModelRow, _ now: Int64) throws -> VersionRow {
        let previous = model.currentVersion
        model.lastVersion += 1
        model.versions += 1
        model.currentVersion = model.lastVersion
        let version = VersionRow(
            id: try store.versions.nextID, uuid: store.newUUID(now), model: model.id, number: model.lastVersion,
            run: origin.run, attempt: origin.attempt, segment: origin.segment, iteration: origin.iteration,
            epoch: origin.epoch, descriptionJSON: origin.descriptionJSON, metricsJSON: origin.metricsJSON,
            tensors: origin.tensors.count, created: now)
        try store.versions.insert(version, origin.tensors)
        try store.update(model)
        var detail: [String: JSONValue] = [
            "iteration": JSONValue(origin.iteration), "run": JSONValue(origin.run),
        ]
        if let copied = origin.copied { detail["from"] = .string(copied) }
        try store.events.add(
            .created, of: .version(model: model.name, number: version.number), at: now, .object(detail))
        try store.events.add(
            .current, of: .model(model.name), at: now,
            ["from": JSONValue(previous), "to": JSONValue(version.number)])
        return version
    }

    /// The model of this name, created if there is none.
    func findOrCreate(_ name: ModelName, _ now: Int64) throws -> ModelRow {
        if let model = try store.models.find(name: name.text) { return model }
        var id = 0
        try store.registry.update { registry in
            registry.lastModel += 1
            registry.models += 1
            id = registry.lastModel
        }
        let model = ModelRow(
            id: id, uuid: store.newUUID(now), name: name.text,
            lastVersion: try lastDeletedVersion(ofModel: name.text), versions: 0, aliases: 0, runs: 0, created: now)
        try store.insert(model)
        try store.events.add(.created, of: .model(name.text), at: now)
        return model
    }

    /// The highest number that a version of a deleted model of this name had; 0 if there was none.
    package func lastDeletedVersion(ofModel name: String) throws -> Int {
        guard let event = try store.events.last(.deleted, of: .model(name)) else { return 0 }
        guard let number = try? JSONValue(parsing: event.detailJSON)["last_version"]?.int else {
            throw event.badDetail
        }
        return number
    }
}
