package import BPStore
import BPSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Registry {
    /// What `collectGarbage` would free. Nothing is changed.
    ///
    /// One state of the registry is read, however long a large one takes: this, and the same look in `collectGarbage`,
    /// is an exception to the 250 ms that a reading transaction may last.
    package func garbage(surplus: KeyframeSurplus = { _, _ in [] }) throws(RegistryError) -> GarbageReport {
        try reading { store in
            var report = try Garbage(store, surplus: surplus).report(store)
            report.bytesBefore = try store.fileBytes()
            return report
        }
    }

    /// Frees what nothing needs, and makes the file smaller.
    ///
    /// Needed are the lines back to the start of every head, pin and version. Beyond them go: superseded iterations in
    /// whole blocks with their epochs and keyframes, keyframes that nobody will complete, spaced ones above their budget
    /// of runs that are not alive, specs and datasets of no run (a dataset only after an hour), and content that nothing
    /// refers to. It may run beside processes that train: each transaction is short, and frees only what is not needed
    /// by the state that it sees. Killed at any time it leaves a sound registry, and the rest to the next.
    ///
    /// - Parameter surplus: which spaced keyframes of a run are above its budget.
    /// - Throws: `damaged`, before anything is freed, when a row that tells what is needed does not fit its seal;
    ///   `readOnly`, `diskFull`, `inputOutput`, `busy`.
    package func collectGarbage(surplus: KeyframeSurplus = { _, _ in [] }) throws(RegistryError) -> GarbageReport {
        let before = try reading { try $0.fileBytes() }
        var collector = Collector(registry: self)
        while true {
            let garbage = try reading { try Garbage($0, surplus: surplus) }
            if garbage.isEmpty { break }
            // Somebody's move may have made something needed meanwhile: then it is looked at again.
            if try collector.free(garbage) { break }
        }
        try collector.freeContent()
        try collector.addEvents()
        try shrink()
        var report = collector.report
        report.bytesBefore = before
        report.bytesAfter = try reading { try $0.fileBytes() }
        return report
    }

    /// Gives the free pages back to the file system, in short transactions.
    private func shrink() throws(RegistryError) {
        try withStore { store in
            // Not until none is free: others may free some all the time.
            var free = try store.connection.freePages
            while free > 0 {
                let cut = try store.connection.incrementalVacuum(pages: 256)
                if cut <= 0 { break }
                free -= cut
            }
            // The file is cut when all of the log has been moved into it, for which readers may have to end.
            for _ in 0..<20 {
                if try store.connection.checkpoint(.passive) { break }
                usleep(50_000)
            }
        }
    }
}

extension Store {
    /// Bytes of the registry's file, once the log has been moved into it.
    func fileBytes() throws -> Int {
        try connection.value("PRAGMA page_count", as: Int.self) * connection.value("PRAGMA page_size", as: Int.self)
    }
}
