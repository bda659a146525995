public import BPCore
import BPJSON
import BPRegistry

/// Where a run's first weights come from: a function of its seed, or another program.
public enum FirstWeights: Sendable, Equatable {
    /// Drawn by the seed.
    case drawn(Initializer)
    /// Brought in from a file: the parameters of this SHA-256 (64 hex digits), as little-endian float32 in canonical
    /// order. The run's first keyframe holds them.
    case imported(sha256: String)

    /// What lists, queries and specs call it: the initializer's name, or `imported`.
    public var name: String {
        switch self {
        case .drawn(let initializer): initializer.rawValue
        case .imported: "imported"
        }
    }

    /// How they were drawn; nil where they were not.
    public var initializer: Initializer? { if case .drawn(let initializer) = self { initializer } else { nil } }

    /// The members of a spec's JSON: `initializer`, and for imported weights `imported_weights`.
    var members: [String: JSONValue] {
        var members: [String: JSONValue] = ["initializer": .string(name)]
        if case .imported(let hash) = self { members["imported_weights"] = .string(hash) }
        return members
    }

    /// Reads what `members` writes; nil for anything else.
    init?(spec json: JSONValue) {
        let hash = json["imported_weights"]
        switch json["initializer"]?.string {
        case "imported":
            guard let hex = hash?.string, SHA256Digest(hex: hex)?.hex == hex else { return nil }
            self = .imported(sha256: hex)
        case let name?:
            guard hash == nil, let initializer = Initializer(rawValue: name) else { return nil }
            self = .drawn(initializer)
        case nil: return nil
        }
    }
}
