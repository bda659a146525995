public import BPStore

extension Registry {
    /// What `collectGarbage` would free. Nothing is changed.
    ///
    /// One state of the registry is read, however long a large one takes: this, and the same look in `collectGarbage`,
    /// is an exception to the 250 ms that a reading transaction may last.
    public func garbage() throws(RegistryError) -> GarbageReport { try garbage(surplus: KeyframeThinning.surplus) }

    package func garbage(surplus: KeyframeSurplus) throws(RegistryError) -> GarbageReport {
        try reading { store in
            var report = try Garbage(store, surplus: surplus).report(store)
            report.bytesBefore = try store.fileBytes()
            return report
        }
    }

    /// Frees what nothing needs, and makes the file smaller.
    ///
    /// Needed are the lines back to the start of every head, pin and version. Beyond them it frees: superseded iterations
    /// in whole blocks with their epochs and keyframes, keyframes that will never be completed, spaced ones above their
    /// budget of runs that are not alive, specs and datasets of no run (a dataset only after an hour), and content to
    /// which nothing refers. It may run beside processes that train: each transaction is short, and frees only what is
    /// not needed by the state that it sees. Killed at any time it leaves a sound registry, and the rest to the next.
    ///
    /// - Throws: `damaged`, before anything is freed, if a row that shows what is needed does not fit its seal;
    ///   `readOnly`, `diskFull`, `inputOutput`, `busy`.
    public func collectGarbage() throws(RegistryError) -> GarbageReport {
        try collectGarbage(surplus: KeyframeThinning.surplus)
    }

    /// As `collectGarbage()`.
    /// - Parameter surplus: which spaced keyframes of a run are above its budget.
    package func collectGarbage(surplus: KeyframeSurplus) throws(RegistryError) -> GarbageReport {
        let before = try reading { try $0.fileBytes() }
        var collector = Collector(registry: self)
        while true {
            let garbage = try reading { try Garbage($0, surplus: surplus) }
            if garbage.isEmpty { break }
            // Another process may have made something needed meanwhile: then the registry is examined again.
            if try collector.free(garbage) { break }
        }
        try collector.freeContent()
        try collector.addEvents()
        try withStore { try $0.shrink() }
        var report = collector.report
        report.bytesBefore = before
        report.bytesAfter = try reading { try $0.fileBytes() }
        return report
    }

    /// The content of the file, in bytes. Reads the rows that name content, not the content.
    public func space() throws(RegistryError) -> SpaceReport { try reading { try $0.space() } }

    /// The schema of the file, which is the one that this bpreg knows.
    public static var schemaVersion: Int { Opening.newestVersion }
}
