public import BPStore

extension Registry {
    /// What `collectGarbage` would free. Nothing is changed.
    ///
    /// This reads one state of the registry, however long a large one takes. It is an exception to the limit of 250 ms
    /// for a read transaction, as is the same search in `collectGarbage`.
    public func garbage() throws(RegistryError) -> GarbageReport { try garbage(surplus: KeyframeThinning.surplus) }

    package func garbage(surplus: KeyframeSurplus) throws(RegistryError) -> GarbageReport {
        try reading { store in
            var report = try Garbage(store, surplus: surplus, withDeletions: true).report(store)
            report.bytesBefore = try store.fileBytes()
            return report
        }
    }

    /// Frees everything that is not needed, and makes the file smaller.
    ///
    /// The lines from every head, pin and version back to the start are needed. Beyond them this frees superseded
    /// iterations in whole blocks with their epochs and keyframes, keyframes that will never be completed, and spaced
    /// ones that exceed the budget of a run that is not alive. It also frees specs and datasets without a run (a
    /// dataset only after an hour), and content to which nothing refers. First it ends the time in which deletions can
    /// be undone, so that what they keep is freed too. Other processes may train meanwhile: each
    /// transaction is short, and frees only what its own state does not need. A kill at any time leaves a sound
    /// registry, and the next call frees the rest.
    ///
    /// - Throws: `damaged`, before anything is freed, if a row that determines what is needed does not match its seal;
    ///   `readOnly`, `diskFull`, `inputOutput`, `busy`.
    public func collectGarbage() throws(RegistryError) -> GarbageReport {
        try collectGarbage(surplus: KeyframeThinning.surplus)
    }

    /// As `collectGarbage()`.
    /// - Parameter surplus: selects the spaced keyframes of a run that exceed its budget.
    package func collectGarbage(surplus: KeyframeSurplus) throws(RegistryError) -> GarbageReport {
        let before = try reading { try $0.fileBytes() }
        var collector = Collector(registry: self)
        let isAnyKept = try reading { try !$0.deletions.all().isEmpty }
        if isAnyKept {
            // A row that does not match its seal is found before anything is changed.
            _ = try reading { try Garbage($0, surplus: surplus, withDeletions: true) }
            try collector.endDeletions()
        }
        while true {
            let garbage = try reading { try Garbage($0, surplus: surplus) }
            if garbage.isEmpty { break }
            // Another process may have made something needed meanwhile: then the registry is examined again.
            if try collector.free(garbage) { break }
        }
        try collector.freeContent()
        try collector.addEvents()
        try withStore { store in
            try store.shrink()
            try store.checkPlace()
        }
        var report = collector.report
        report.bytesBefore = before
        report.bytesAfter = try reading { try $0.fileBytes() }
        return report
    }

    /// The content of the file, in bytes. Reads the rows that refer to content, not the content.
    public func space() throws(RegistryError) -> SpaceReport { try reading { try $0.space() } }

    /// Bytes of the registry's file, once its log has been moved into it.
    public func fileSize() throws(RegistryError) -> Int { try reading { try $0.fileBytes() } }

    /// The version of the file's schema, which equals that of this bpreg.
    public static var schemaVersion: Int { Opening.newestVersion }
}
