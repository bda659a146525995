import BPStore
import BPSQLite

// Lines, what is derived from them, and what people have pinned.
extension Verifier {
    /// The run's summary and its metrics are what its epochs, losses and measures tell.
    func checkSummary(_ run: TableRow, _ line: [LinePart]) throws {
        let summary = try store.summary(ofRun: run.int("id"), line)
        var told = run
        summary.write(to: &told)
        // The metrics of runs that an older bpreg recorded are worked out when the registry is next opened for writing.
        let hasMetrics = run["metrics"] != .null
        if !hasMetrics { told["metrics"] = .null }
        for column in RunSummary.columns where told[column] != run[column] {
            found("run", run.keyText, "\(column) is not what its line tells")
        }
        let metrics = try store.metrics(of: run)
        for name in Set(metrics.keys).union(summary.metrics.keys).sorted() where hasMetrics {
            if metrics[name] != summary.metrics[name] {
                let key = TableRow.text(.metric, [run["id"], .text(name)])
                found("metric", key, "it is not what the run's line tells")
            }
        }
    }

    /// A fork's row names the place where its first segment goes on from.
    func checkParent(_ run: TableRow) throws {
        guard let first = try store.row(.segment, [run["id"], .int(1)]) else { return }
        let begin: SQLiteValue = first["parent_run"] == .null ? .null : .int(try first.int("first_iteration") - 1)
        let isSame =
            run["parent_run"] == first["parent_run"] && run["parent_segment"] == first["parent_segment"]
            && run["parent_iteration"] == begin
        if !isSame { found("run", run.keyText, "its first segment goes on from elsewhere") }
    }

    /// A segment begins at an iteration of its parent, and its first epoch where the parent has one begin.
    func checkGrid(_ row: TableRow) throws {
        guard row["parent_run"] != .null else {
            let start: [(String, SQLiteValue)] = [
                ("first_iteration", .int(1)), ("first_epoch", .int(1)), ("epoch_start", .int(0)),
                ("step_origin", .int(0)),
            ]
            if start.contains(where: { row[$0] != $1 }) {
                found("segment", row.keyText, "it has no parent, and does not begin with the first iteration")
            }
            return
        }
        let parent = try store.need(.segment, [row["parent_run"], row["parent_segment"]])
        let (before, parentFirst) = (try row.int("first_iteration") - 1, try parent.int("first_iteration"))
        let recorded = try parent.int("iterations")
        if before < parentFirst - 1 || before >= parentFirst &+ recorded {
            return found("segment", row.keyText, "it begins outside of its parent")
        }
        let length = try parent.int("iterations_per_epoch")
        let skipped = try row.int("first_epoch") - parent.int("first_epoch")
        let (distance, isFar) = skipped.multipliedReportingOverflow(by: length)
        let start = isFar ? -1 : try parent.int("epoch_start") &+ distance
        let isOwnGrid = try row.int("iterations_per_epoch") != length
        let isAtEpoch = (0...max(0, try parent.int("epochs"))).contains(skipped) && start <= before
        if !isAtEpoch || row["epoch_start"] != .int(start) || isOwnGrid && start != before {
            found("segment", row.keyText, "its first epoch does not begin where its parent has one begin")
        }
        let origin = try row.int("step_origin")
        let isFork = row["parent_run"] != row["run"]
        if origin != (try parent.int("step_origin")), !isFork || origin != before {
            found("segment", row.keyText, "its steps are not counted from where its parent's are")
        }
        if isOwnGrid, !isFork { found("segment", row.keyText, "its epochs are not as long as its parent's") }
    }

    /// A pin has its keyframe, so that what it names can be read without computing.
    func checkPin(_ row: TableRow) throws {
        let isThere: Bool = try store.connection.value(
            """
            SELECT EXISTS (SELECT 1 FROM keyframe WHERE run = ? AND segment = ? AND iteration = ? AND role = 'pinned'
                AND kind = 'full' AND state = 'complete')
            """, Array(row.key))
        if !isThere { found("pin", row.keyText, "its keyframe is missing") }
    }
}
