import BPStore

// The part of a migration that SQL alone cannot do.
extension Opening {
    /// Opens the file, brings its schema up to date or checks it, and computes missing metrics.
    func open() throws(RegistryError) -> (store: Store, notices: [OpeningNotice]) {
        let store = try store()
        let notices = try migrate(store)
        if purpose != .reading { try fillMetrics(store) }
        return (store, notices)
    }

    /// Computes the metrics of runs that an older bpreg recorded, in transactions that end after a tenth of a second.
    /// An index holds the runs without metrics, so it costs nothing if there are none. A damaged run is skipped:
    /// `verify` reports it, and the other runs remain usable.
    private func fillMetrics(_ store: Store) throws(RegistryError) {
        var next = try store.read { try store.runs.nextWithoutMetrics(after: 0) }
        while next != nil {
            try store.write {
                let start = ContinuousClock.now
                while let number = next, ContinuousClock.now - start < .milliseconds(100) {
                    try fillMetrics(ofRun: number, store)
                    next = try store.runs.nextWithoutMetrics(after: number)
                }
            }
        }
    }

    private func fillMetrics(ofRun number: Int, _ store: Store) throws {
        let summary: RunSummary
        var run: RunRow
        do {
            guard let row = try store.runs.find(number), row.metrics == nil else { return }
            run = row
            summary = try RunSummary(
                ofRun: number, try Line(to: run.headSegment, ofRun: number, in: store), in: store)
        } catch {
            guard case .damaged = RegistryError(error, path: path) else { throw error }
            return
        }
        try store.metrics.replace([:], by: summary.metrics)
        run.metrics = summary.metrics.count
        try store.update(run)
    }
}
