package import BPRegistry

/// The notices of opening a registry, in words.
package enum RegistryText {
    /// One sentence.
    package static func notice(_ notice: Registry.Notice) -> String {
        switch notice {
        case .created(let path): "made the registry \(path)"
        case .migrated(let from, let to, let backup):
            "migrated the registry from schema \(from) to \(to)"
                + (backup.map { "; its copy from before is \($0)" } ?? "")
        }
    }
}
