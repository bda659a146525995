import BPStore
import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// A registry whose file was deleted, moved or replaced is still open here: nothing that was committed is lost yet.
extension Store {
    /// The error with what became of the open files, if it is about them. They are saved beside the old name as a sound
    /// registry, `NAME.rescued-RUN`, unless they lie together elsewhere. The log that was left at the old name gets
    /// another one: SQLite would take it for that of the next file there.
    func rescued(_ error: any Error, run: Int?) -> any Error {
        guard case .replaced(let path, let what, _, nil) = RegistryError(error, path: path) else { return error }
        return RegistryError.replaced(path: path, what: what, run: run, rescue: rescue(run))
    }

    private func rescue(_ run: Int?) -> Rescue {
        if let elsewhere = placeElsewhere() { return .moved(path: elsewhere) }
        var reason = "there is no folder for it"
        for folder in folders() {
            guard let name = freeName(in: folder, run) else { continue }
            do {
                try backup(to: name.copy, replacing: false) { copy throws(RegistryError) in
                    try Registry.finish(copy, environment: environment)
                }
                return .saved(path: name.copy, log: setLogAside(as: name.log))
            } catch {
                reason = "\(error)"
            }
        }
        return .impossible(reason: reason)
    }

    /// The folders in which it is saved, the best first: its own, or the nearest that is left above it.
    private func folders() -> [String] {
        var folder = FilePath.folder(of: realPath)
        while folder != "/", FileIdentity(folder) == nil { folder = FilePath.folder(of: folder) }
        let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return [folder, temporary]
    }

    /// A name that is not taken.
    private func freeName(in folder: String, _ run: Int?) -> (copy: String, log: String)? {
        let name = realPath.split(separator: "/").last ?? "registry"
        let suffix = ".rescued" + (run.map { "-\($0)" } ?? "")
        for suffix in [suffix] + (2...99).map({ "\(suffix).\($0)" }) {
            let copy = (folder == "/" ? "" : folder) + "/\(name)\(suffix)"
            // A log of this name is the log of no file.
            let log = "\(realPath)-wal\(suffix)"
            if FileIdentity(copy) == nil, FileIdentity(log) == nil { return (copy, log) }
        }
        return nil
    }
}
