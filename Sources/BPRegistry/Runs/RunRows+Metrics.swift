// The summary that each commit keeps.
extension RunRows {
    /// Changes the run's summary and its metrics by what this commit adds.
    mutating func summarize(_ change: (inout RunSummary) -> Void) throws {
        let before = try store.metrics(of: run)
        var summary = try RunSummary(run, before)
        change(&summary)
        try store.replaceMetrics(of: run, before, by: summary.metrics)
        summary.write(to: &run)
    }
}
