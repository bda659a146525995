import BPStore
import BPJSON
import BPSQLite

/// What a version is made of, whoever makes it.
struct VersionOrigin {
    var run: SQLiteValue
    /// The attempt whose end makes it; NULL where a person does.
    var attempt: SQLiteValue = .null
    var segment: Int
    var iteration: Int
    var epoch: Int
    var descriptionJSON: String
    var metricsJSON: String
    var tensors: [TensorName]
    /// The version of which it is a copy.
    var copied: String?
}

extension Store {
    /// Makes a version of a model, and the current one, within a transaction. The row of the run is left to the caller,
    /// who counts it there.
    /// - Returns: its key and its number.
    func addVersion(_ origin: VersionOrigin, to model: inout TableRow, _ now: Int64) throws -> (
        id: SQLiteValue, number: Int
    ) {
        let previous = try model.optionalInt("current_version")
        try model.add(1, to: "last_version")
        try model.add(1, to: "versions")
        model["current_version"] = model["last_version"]
        let id: SQLiteValue = .int(try connection.value("SELECT coalesce(max(id), 0) + 1 FROM version", as: Int.self))
        try insert(
            TableRow(
                .version,
                [
                    "id": id, "uuid": .uuid(newUUID(now)), "model": model["id"], "number": model["last_version"],
                    "run": origin.run, "attempt": origin.attempt, "segment": .int(origin.segment),
                    "iteration": .int(origin.iteration), "epoch": .int(origin.epoch),
                    "description": .text(origin.descriptionJSON), "metrics": .text(origin.metricsJSON),
                    "tensors": .int(origin.tensors.count), "created": .integer(now),
                ]))
        for tensor in origin.tensors {
            try insert(
                TableRow(
                    .versionTensor,
                    ["version": id, "name": .text(tensor.name), "tensor": .digest(tensor.digest)]))
        }
        try update(model)
        let (name, number) = (try model.text("name"), try model.int("last_version"))
        var detail: [String: JSONValue] = ["iteration": JSONValue(origin.iteration)]
        if case .integer(let run) = origin.run { detail["run"] = .integer(run) }
        if let copied = origin.copied { detail["from"] = .string(copied) }
        try addEvent(.created, of: Subject.version(model: name, number: number), at: now, .object(detail))
        try addEvent(
            .current, of: Subject.model(name), at: now, ["from": JSONValue(previous), "to": JSONValue(number)])
        return (id, number)
    }

    /// The model of this name, made if there is none. Its row is left to the caller to write.
    func modelRow(named name: ModelName, _ now: Int64) throws -> TableRow {
        if let model = try rows(.model, "WHERE name = ?", [name.text]).first { return model }
        var id: SQLiteValue = .null
        try updateRegistry { registry in
            try registry.add(1, to: "last_model")
            try registry.add(1, to: "models")
            id = registry["last_model"]
        }
        var model = TableRow(
            .model,
            ["id": id, "uuid": .uuid(newUUID(now)), "name": .text(name.text), "created": .integer(now)])
        for column in ["versions", "aliases", "runs"] { model[column] = .int(0) }
        model["last_version"] = .int(try lastDeletedVersion(ofModel: name.text))
        try insert(model)
        try addEvent(.created, of: Subject.model(name.text), at: now)
        return model
    }
}
