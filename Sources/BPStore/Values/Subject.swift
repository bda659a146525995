/// The subject of an event, a tag, a note, a deletion or an archive.
public enum Subject: Sendable, Hashable {
    /// A run.
    case run(Int)
    /// A model.
    case model(String)
    /// A version of a model.
    case version(model: String, number: Int)
    /// A dataset.
    case dataset(SHA256Digest)
    /// The whole registry.
    case all

    /// The subject as stored in the registry: `run:7`, `model:iris`, `version:iris:3`, `dataset:…`, `all`.
    public var text: String {
        switch self {
        case .run(let number): "run:\(number)"
        case .model(let name): "model:\(name)"
        case .version(let model, let number): "version:\(model):\(number)"
        case .dataset(let hash): "dataset:\(hash.hex)"
        case .all: "all"
        }
    }

    /// Reads `text`; nil if it is not the text of a subject.
    public init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("run", 2):
            guard let number = Int(parts[1]) else { return nil }
            self = .run(number)
        case ("model", 2): self = .model(String(parts[1]))
        case ("version", 3):
            guard let number = Int(parts[2]) else { return nil }
            self = .version(model: String(parts[1]), number: number)
        case ("dataset", 2):
            guard let hash = SHA256Digest(hex: String(parts[1])) else { return nil }
            self = .dataset(hash)
        case ("all", 1): self = .all
        default: return nil
        }
    }
}

extension Subject: CustomStringConvertible {
    /// The subject as a person names it: `run 7`, `model iris`, `iris:3`, `dataset 4a8f…`, `all`.
    public var description: String {
        switch self {
        case .run(let number): "run \(number)"
        case .model(let name): "model \(name)"
        case .version(let model, let number): "\(model):\(number)"
        case .dataset(let hash): "dataset \(hash.short)"
        case .all: "all"
        }
    }
}
