public import BPStore
import BPJSON
import BPSQLite

/// How a model's current version was moved.
public struct CurrentMove: Sendable, Equatable {
    /// The model.
    public let model: String
    /// The version that was current; nil where none was.
    public let from: Int?
    /// The version that is current now.
    public let to: Int?
}

extension Registry {
    /// Makes a version of a model the current one.
    /// - Throws: `notFound` when there is no such model or version; `conflict` when it is current already; `readOnly`,
    ///   `diskFull`, `inputOutput`.
    public func setCurrent(_ version: Int, ofModel name: String) throws(RegistryError) -> CurrentMove {
        try writing { store in
            _ = try store.version(version, ofModel: name)
            var model = try store.modelRow(name)
            let from = try model.optionalInt("current_version")
            guard from != version else {
                throw RegistryError.conflict(place: "model \(name)", what: "\(name):\(version) is current already")
            }
            model["current_version"] = .int(version)
            try store.update(model)
            try store.addEvent(
                .rolledBack, of: Subject.model(name), at: environment.now(),
                ["from": JSONValue(from), "to": JSONValue(version)])
            return CurrentMove(model: name, from: from, to: version)
        }
    }

    /// Takes the last `setCurrent` of a model that is not undone back; called again, the one before.
    /// - Throws: `notFound` when there is no such model, or nothing to undo; `conflict` when another version has become
    ///   current since; `readOnly`, `diskFull`, `inputOutput`.
    public func undoSetCurrent(ofModel name: String) throws(RegistryError) -> CurrentMove {
        try writing { store in
            var model = try store.modelRow(name)
            let event = try store.lastRollback(of: Subject.model(name), reference: name)
            let current = try model.optionalInt("current_version")
            let (from, to) = (event.detail["from"]?.int, event.detail["to"]?.int)
            guard current == to else {
                throw RegistryError.conflict(
                    place: "model \(name)",
                    what: "\(current.map { "\(name):\($0)" } ?? "no version") is current, not "
                        + "\(to.map { "\(name):\($0)" } ?? "none"), to which it was rolled back")
            }
            if let from, try store.rows(.version, "WHERE model = ? AND number = ?", [model["id"], from]).isEmpty {
                throw RegistryError.conflict(
                    place: "model \(name)", what: "\(name):\(from), which was current before, is deleted")
            }
            model["current_version"] = .int(from)
            try store.update(model)
            try store.addEvent(
                .rollbackUndone, of: Subject.model(name), at: environment.now(),
                ["event": JSONValue(event.id), "from": JSONValue(current), "to": JSONValue(from)])
            return CurrentMove(model: name, from: current, to: from)
        }
    }
}
