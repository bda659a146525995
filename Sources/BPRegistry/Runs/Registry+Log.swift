import BPStore

/// A run that was not ended, in a registry that had no log when it was opened.
package struct RunWithoutLog: Sendable, Equatable {
    /// Its number.
    package let run: Int
    /// Whether its process lives. It has a log, so it trains into another file, of which this one is a copy.
    package let isAlive: Bool
    /// Iterations that are recorded here.
    package let iterations: Int

    /// Whether the registry is a copy whose log was left behind, surely or probably: its run trains into another file, or
    /// recorded nothing here. Otherwise a run that was killed looks the same.
    package var isLikely: Bool { isAlive || iterations == 0 }
}

extension Registry {
    /// The newest run without an end, if there was no log beside the registry when it was opened: a copy that was made while the
    /// run trained lacks what was in the log. The log of a run that was killed stays until the registry is next written.
    package func runWithoutLog() throws(RegistryError) -> RunWithoutLog? {
        if hadLog { return nil }
        return try reading { store in
            let unended = try store.runs.unendedOwners()
            guard let last = unended.max(by: { $0.run < $1.run }) else { return nil }
            let isAlive = environment.isAlive(last.owner, leaseUntil: last.lease)
            return RunWithoutLog(
                run: last.run, isAlive: isAlive, iterations: try store.runs.need(last.run).iterations)
        }
    }
}
