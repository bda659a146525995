import BPStore

// The part of a migration that SQL alone cannot do.
extension Store {
    /// Works out the metrics of runs that an older bpreg recorded, in transactions that end after a tenth of a second.
    /// An index holds the runs that lack them, so that it costs nothing where none does. A run that is damaged is
    /// passed over: that is for verify to tell, and no reason to refuse the others.
    func fillMetrics() throws(RegistryError) {
        var next = try read { try runWithoutMetrics(after: 0) }
        while next != nil {
            try write {
                let start = ContinuousClock.now
                while let number = next, ContinuousClock.now - start < .milliseconds(100) {
                    try fillMetrics(ofRun: number)
                    next = try runWithoutMetrics(after: number)
                }
            }
        }
    }
}

extension Store {
    fileprivate func runWithoutMetrics(after number: Int) throws -> Int? {
        try connection.first(
            "SELECT id FROM run WHERE metrics IS NULL AND id > ? ORDER BY id LIMIT 1", [number], as: Int.self)
    }

    fileprivate func fillMetrics(ofRun number: Int) throws {
        let summary: RunSummary
        var run: TableRow
        do {
            guard let row = try row(.run, [.int(number)]), row["metrics"] == .null else { return }
            run = row
            summary = try self.summary(ofRun: number, line(run: number, segment: run.int("head_segment")))
        } catch {
            guard case .damaged = RegistryError(error, path: path) else { throw error }
            return
        }
        try replaceMetrics(of: run, [:], by: summary.metrics)
        run["metrics"] = .int(summary.metrics.count)
        try update(run)
    }
}
