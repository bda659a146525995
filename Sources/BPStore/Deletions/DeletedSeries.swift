import BPSQLite

// Segments, losses and epochs of runs that were deleted. Those of a deletion that can be undone stay until it is dropped;
// then they belong to no run, and gc frees them.
extension SegmentTable {
    /// The numbers of the deleted runs whose series nothing needs.
    /// - Parameter ignoringDeletions: whether those that a deletion keeps are needed by nothing either.
    package func orphans(ignoringDeletions: Bool = false) throws -> [Int] {
        try store.connection.all(
            """
            SELECT DISTINCT run FROM segment WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.id = segment.run)
                AND (? OR NOT EXISTS (SELECT 1 FROM deleted_run AS d WHERE d.run = segment.run AND d.segments > 0))
            ORDER BY run
            """, [ignoringDeletions])
    }

    /// Frees the number of a deleted run for another one: series that a deletion keeps are moved to it, others deleted.
    package func vacate(_ run: Int) throws {
        try vacateForks(of: run)
        if let kept = try store.deletions.runInPlace(run) {
            guard let deletion = try store.deletions.find(kept.deletion) else {
                throw store.damaged("deletion id=\(kept.deletion)", "the row is missing")
            }
            var content = DeletedContent(deletion, in: store)
            try content.moveSeries(of: kept)
        } else {
            for table in ["iteration_block", "epoch", "segment"] {
                try store.connection.execute("DELETE FROM \(table) WHERE run = ?", [run])
            }
        }
    }

    /// Does the same for the deleted forks of a run, whose series refer to those of the run.
    package func vacateForks(of run: Int) throws {
        let forks = try store.connection.all(
            """
            SELECT DISTINCT run FROM segment WHERE parent_run = ?1 AND run <> ?1
                AND NOT EXISTS (SELECT 1 FROM run AS r WHERE r.id = segment.run)
            """, [run], as: Int.self)
        for fork in forks { try vacate(fork) }
    }
}

/// The parts of a run's row on which its series are based.
package struct RunIdentity: Sendable, Equatable {
    package let uuid: UUIDv7
    package let spec: SHA256Digest
    package let dataset: SHA256Digest
}

extension RunTable {
    /// The identity of a run, or of a deleted run whose series are kept in place; nil if there is neither.
    package func identity(_ id: Int) throws -> RunIdentity? {
        if let run = try find(id) { return RunIdentity(uuid: run.uuid, spec: run.spec, dataset: run.dataset) }
        return try store.deletions.runInPlace(id)
            .map { RunIdentity(uuid: $0.uuid, spec: $0.spec, dataset: $0.dataset) }
    }
}
