package import BPCore
import BPJSON
package import BPRegistry

/// The origin of a run's first weights: a function of its seed, or another program.
package enum FirstWeights: Sendable, Equatable {
    /// Drawn by the seed.
    case drawn(Initializer)
    /// Brought in from a file: the parameters of this SHA-256, as little-endian float32 in canonical
    /// order. The run's first keyframe holds them.
    case imported(sha256: SHA256Digest)

    /// The name in lists, queries and specs: the initializer's, or `imported`.
    package var name: String {
        switch self {
        case .drawn(let initializer): initializer.rawValue
        case .imported: "imported"
        }
    }

    /// The initializer that drew them; nil if they were imported.
    package var initializer: Initializer? { if case .drawn(let initializer) = self { initializer } else { nil } }

    /// Reads the members `initializer` and `imported_weights` of a spec's JSON; nil for anything else.
    init?(spec json: JSONValue) {
        let hash = json["imported_weights"]
        switch json["initializer"]?.string {
        case "imported":
            guard let hex = hash?.string, let digest = SHA256Digest(hex: hex), digest.hex == hex else { return nil }
            self = .imported(sha256: digest)
        case let name?:
            guard hash == nil, let initializer = Initializer(rawValue: name) else { return nil }
            self = .drawn(initializer)
        case nil: return nil
        }
    }
}
