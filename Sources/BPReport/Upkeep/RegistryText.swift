package import BPRegistry

/// The notices of opening a registry, in words.
package enum RegistryText {
    /// A registry that was copied while a run trained, without its log.
    package static func withoutLog(_ copy: RunWithoutLog, of path: String) -> String {
        copy.isAlive
            ? "run \(copy.run) is training, but not into this file: \(path) is a copy, and its log (\(path)-wal), which "
                + "contains the newest records, was left behind; copy it with bpreg backup"
            : "run \(copy.run) has no end, its process is gone, and no log is beside \(path): if the file is a copy, what "
                + "was recorded last was left behind with the log (\(path)-wal)"
    }

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
