import BPJSON
public import BPStore

/// A move of a model's current version.
public struct CurrentMove: Sendable, Equatable {
    /// The model.
    public let model: String
    /// The version that was current; nil if there was none.
    public let from: Int?
    /// The version that is current now.
    public let to: Int?
}

extension Registry {
    /// Makes a version of a model the current one.
    /// - Throws: `notFound` if there is no such model or version; `conflict` if it is current already; `readOnly`,
    ///   `diskFull`, `inputOutput`.
    public func setCurrent(_ version: Int, ofModel name: String) throws(RegistryError) -> CurrentMove {
        try writing { store in
            _ = try Models(store).version(version, ofModel: name)
            var model = try Models(store).model(name)
            let from = model.currentVersion
            guard from != version else {
                throw RegistryError.conflict(place: "model \(name)", what: "\(name):\(version) is current already")
            }
            model.currentVersion = version
            try store.update(model)
            try store.events.add(
                .rolledBack, of: .model(name), at: environment.now(),
                ["from": JSONValue(from), "to": JSONValue(version)])
            return CurrentMove(model: name, from: from, to: version)
        }
    }

    /// Undoes the last `setCurrent` of a model that is not undone; a second call undoes the one before.
    /// - Throws: `notFound` if there is no such model, or nothing to undo; `conflict` if another version has become
    ///   current since; `readOnly`, `diskFull`, `inputOutput`.
    public func undoSetCurrent(ofModel name: String) throws(RegistryError) -> CurrentMove {
        try writing { store in
            var model = try Models(store).model(name)
            let event = try store.events.lastRollback(of: .model(name), reference: name)
            let current = model.currentVersion
            let (from, to) = (event.detail["from"]?.int, event.detail["to"]?.int)
            guard current == to else {
                throw RegistryError.conflict(
                    place: "model \(name)",
                    what: "\(current.map { "\(name):\($0)" } ?? "no version") is current, not "
                        + "\(to.map { "\(name):\($0)" } ?? "none"), to which it was rolled back")
            }
            if let from, try store.versions.find(model: model.id, number: from) == nil {
                throw RegistryError.conflict(
                    place: "model \(name)", what: "\(name):\(from), which was current before, is deleted")
            }
            model.currentVersion = from
            try store.update(model)
            try store.events.add(
                .rollbackUndone, of: .model(name), at: environment.now(),
                ["event": JSONValue(event.id), "from": JSONValue(current), "to": JSONValue(from)])
            return CurrentMove(model: name, from: current, to: from)
        }
    }
}
