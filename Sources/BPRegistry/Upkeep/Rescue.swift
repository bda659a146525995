import BPStore
import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// A registry whose file was deleted, moved or replaced is still open here: nothing that was committed is lost yet. Of one
// that was overwritten in place, the log and the pages in memory are left, which together may be all of it.
extension Store {
    /// The error with what became of the open files, if it is about them. They are saved beside the old name as a sound
    /// registry, `NAME.rescued-RUN`, unless they lie together elsewhere. The log that was left at the old name gets
    /// another one: SQLite would take it for that of the next file there.
    /// - Parameter acknowledged: the last iteration of the run that the copy must have.
    func rescued(_ error: any Error, run: Int?, acknowledged: Int? = nil) -> any Error {
        guard case .replaced(let path, let what, _, nil) = RegistryError(error, path: path) else { return error }
        return RegistryError.replaced(path: path, what: what, run: run, rescue: rescue(run, acknowledged))
    }

    private func rescue(_ run: Int?, _ acknowledged: Int?) -> Rescue {
        if let elsewhere = placeElsewhere() { return .moved(path: elsewhere) }
        var reason = "there is no folder for it"
        for folder in folders() {
            guard let name = freeName(in: folder, run) else { continue }
            do {
                try backup(to: name.copy, replacing: false) { copy throws(RegistryError) in
                    try Registry.finish(copy, environment: environment)
                    if let run, let acknowledged { try checkCopy(copy, has: acknowledged, of: run) }
                }
                return .saved(path: name.copy, log: setLogAside(as: name.log))
            } catch {
                reason = Store.reason(error)
                // The disk is not at fault: another folder would be of no use.
                if isOverwritten { break }
            }
        }
        // A log that stayed would be taken for that of whatever is there now.
        if isOverwritten, let name = freeName(in: FilePath.folder(of: realPath), run),
            let log = setLogAside(as: name.log)
        {
            reason += "; the log that was left is now \(log)"
        }
        return .impossible(reason: reason)
    }

    private static func reason(_ error: any Error) -> String {
        guard case RegistryError.damaged(_, let place, let what) = error else { return "\(error)" }
        return "a part of it was only in what was overwritten (\(place): \(what))"
    }

    /// Makes sure that a copy has all that was acknowledged of a run.
    private func checkCopy(_ copy: String, has acknowledged: Int, of run: Int) throws(RegistryError) {
        let registry = try Registry.open(at: copy, for: .reading, environment: environment)
        let found = try registry.withReader { try $0.runs.find(run)?.iterations ?? 0 }
        try registry.close()
        guard found < acknowledged else { return }
        throw .damaged(
            path: copy, place: "run \(run)", what: "\(found) of \(acknowledged) recorded iterations are left")
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
