public import BPStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Registry {
    /// Copies the registry, as it is at one moment, to a file, while runs are training.
    ///
    /// The copy is written beside `target` under another name, verified, synced, and renamed. So `target` is either a
    /// whole and sound copy or unchanged. In the copy no run is alive: runs that are training here are interrupted
    /// there, as after a power cut at that moment, and can be resumed.
    ///
    /// - Parameter replacing: whether a file at `target` is replaced.
    /// - Returns: the verification of the copy.
    /// - Throws: `conflict` if `target` is the registry itself, is in use, or already exists; `damaged` if the registry
    ///   is not sound (then there is no copy); `diskFull`, `inputOutput`, both naming the target; `replaced` if the registry
    ///   was deleted or replaced meanwhile (the copy is there then).
    public func backup(to target: String, replacing: Bool = false) throws(RegistryError) -> VerifyReport {
        try checkTarget(target, replacing: replacing)
        var report = VerifyReport()
        try withStore { store in
            try store.backup(to: target, replacing: replacing) { copy throws(RegistryError) in
                report = try Registry.finish(copy, environment: environment)
            }
            // Of another file than the one that is there now it would be no copy.
            try store.checkPlace()
        }
        return report
    }

    private func checkTarget(_ target: String, replacing: Bool) throws(RegistryError) {
        var (mine, other) = (stat(), stat())
        guard stat(target, &other) == 0 else { return }
        if stat(path, &mine) == 0, mine.st_ino == other.st_ino, mine.st_dev == other.st_dev {
            throw .conflict(place: target, what: "it is the registry itself")
        }
        if !replacing { throw .conflict(place: target, what: "it is there already") }
    }

    /// Ends the live runs of a finished copy, and verifies it.
    @discardableResult
    static func finish(
        _ copy: String, environment: RegistryEnvironment
    ) throws(RegistryError) -> VerifyReport {
        let registry = try open(at: copy, for: .writing, durability: .off, environment: environment)
        try registry.writing { store in
            for run in try store.runs.unended() { try run.interrupt(in: store) }
        }
        try registry.close()
        let report = try verify(at: copy, environment: environment)
        if let finding = report.findings.first {
            throw .damaged(
                path: copy, place: finding.table,
                what: "\(finding.row.isEmpty ? "" : finding.row + ": ")\(finding.what)")
        }
        return report
    }
}

extension RunRow {
    /// Ends the run's last attempt as interrupted if it has no end, because no process trains in this file.
    fileprivate func interrupt(in store: Store) throws {
        var attempt = try store.attempts.need(run: id, number: attempts)
        guard attempt.ended == nil else { return }
        attempt.ended = updated
        attempt.status = .interrupted
        try store.update(attempt)
    }
}
