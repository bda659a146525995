import BPSQLite

/// The bytes of the registry's file, by content.
public struct SpaceReport: Sendable, Equatable {
    /// Bytes of the file, once the log has been moved into it.
    public internal(set) var file = 0
    /// Losses.
    public internal(set) var losses = 0
    /// Content to which only keyframes refer.
    public internal(set) var keyframes = 0
    /// Content to which versions refer.
    public internal(set) var versions = 0
    /// Content to which datasets refer, and no version.
    public internal(set) var datasets = 0
    /// Content to which only deletions that can be undone refer, and the rows that they keep.
    public internal(set) var deletions = 0
    /// Content to which nothing refers.
    public internal(set) var unreferenced = 0
    /// Unused pages.
    public internal(set) var free = 0

    /// Everything else: rows, indexes, unused parts of pages.
    public var rest: Int { max(0, file - losses - keyframes - versions - datasets - deletions - unreferenced - free) }
}

extension Store {
    /// The content of the file. Reads the rows that refer to content, not the content.
    package func space() throws -> SpaceReport {
        var report = SpaceReport()
        report.file = try fileBytes()
        report.losses = try connection.value("SELECT coalesce(sum(count), 0) * 4 FROM iteration_block")
        report.free = try connection.freePages * connection.value("PRAGMA page_size", as: Int.self)
        // A chunk counts once, for the first that refers to it.
        try connection.query(
            """
            SELECT kind, sum(size) FROM (
                SELECT length(c.data) AS size, min(CASE
                    WHEN EXISTS (SELECT 1 FROM version_tensor AS v WHERE v.tensor = t.tensor) THEN 1
                    WHEN EXISTS (SELECT 1 FROM dataset_column AS d WHERE d.sha256 = t.tensor) THEN 2
                    WHEN EXISTS (SELECT 1 FROM keyframe_tensor AS k WHERE k.tensor = t.tensor) THEN 3
                    WHEN EXISTS (SELECT 1 FROM deleted_tensor AS x WHERE x.tensor = t.tensor) THEN 4
                    ELSE 5 END) AS kind
                FROM chunk AS c LEFT JOIN tensor_chunk AS t ON t.chunk = c.sha256 GROUP BY c.sha256
            ) GROUP BY kind
            """, []
        ) { row in
            let bytes: Int = try row.get(1)
            switch try row.get(0, as: Int.self) {
            case 1: report.versions = bytes
            case 2: report.datasets = bytes
            case 3: report.keyframes = bytes
            case 4: report.deletions = bytes
            default: report.unreferenced += bytes
            }
        }
        report.deletions += try connection.value("SELECT coalesce(sum(length(rows)), 0) FROM deleted_piece")
        return report
    }
}
