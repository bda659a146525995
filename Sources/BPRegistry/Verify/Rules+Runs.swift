import BPJSON
import BPStore

// Runs, and the summaries of their lines.
extension Rules {
    /// The summary agrees with the line that ends in the head.
    func check(_ run: RunRow, _ check: RowCheck) throws {
        let line = try Line(to: run.headSegment, ofRun: run.id, in: check.store)
        if run.iterations != line.lastIteration {
            check.found("iterations is \(run.iterations), its line ends in \(line.lastIteration)")
        }
        let epochs = line.epochsEnded(at: line.lastIteration)
        if epochs != run.epochs { check.found("epochs is \(run.epochs), its line has \(epochs)") }
        if let reading = run.readingJSON, (try? JSONValue(parsing: reading))?.object == nil {
            check.found("its reading is no JSON object")
        }
        try checkSummary(run, line, check)
        try checkParent(run, check)
    }

    /// The run's summary and its metrics follow from its epochs, losses and measures.
    private func checkSummary(_ run: RunRow, _ line: [LinePart], _ check: RowCheck) throws {
        let summary = try RunSummary(
            ofRun: run.id, line, ranksInfinity: run.hasInfiniteBest, in: check.store)
        var expected = run
        summary.write(to: &expected)
        // The metrics of runs that an older bpreg recorded are computed when the registry is next opened for writing.
        let hasMetrics = run.metrics != nil
        if !hasMetrics { expected.metrics = nil }
        check.compare(with: expected, "differs from its line")
        let metrics = try check.store.metrics.all(ofRun: run.id)
        for name in Set(metrics.keys).union(summary.metrics.keys).sorted() where hasMetrics {
            if metrics[name] != summary.metrics[name] {
                check.found("it differs from the run's line", in: MetricRow(run: run.id, name: name, lastBits: 0))
            }
        }
    }

    /// A fork's row names the place at which its first segment begins.
    private func checkParent(_ run: RunRow, _ check: RowCheck) throws {
        guard let first = try check.store.segments.find(run: run.id, number: 1) else { return }
        let begin = first.parentRun == nil ? nil : first.firstIteration - 1
        let isSame =
            run.parentRun == first.parentRun && run.parentSegment == first.parentSegment
            && run.parentIteration == begin
        if !isSame { check.found("its first segment continues from another point") }
    }
}
