import BPStore
import BPSQLite

// SQLite's own check. It reads the whole file, in one transaction unless it is told to go table by table.
extension Verifier {
    /// Bytes of a file that is checked as a whole well within the time that a transaction may last.
    private static let small = 64 << 20

    /// Whether a check of the whole file would keep a transaction open for long while a run is alive. Of such a file
    /// alone, pages that nothing uses, or two tables do, are not looked for: contents are checked by their hashes.
    var isLargeAndAtWork: Bool {
        let connection = store.connection
        let size = try? connection.value("PRAGMA page_count", as: Int.self) * Opening.pageSize
        guard let size, size > Verifier.small else { return false }
        let opening = Opening(path: store.path, purpose: .reading, durability: .off, environment: store.environment)
        return ((try? opening.aliveRun(connection)) ?? nil) != nil
    }

    /// - Parameter inParts: one transaction a table instead of one for the file.
    func checkStructure(inParts: Bool) {
        guard inParts else { return checkStructure(of: nil) }
        var tables: [String] = []
        attempt("sqlite") {
            tables = try store.connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'", as: String.self)
        }
        for table in ["sqlite_schema"] + tables { checkStructure(of: table) }
    }

    private func checkStructure(of table: String?) {
        attempt("sqlite") {
            for line in try store.connection.integrityCheck(of: table) { found("sqlite", "", line) }
            if table == "sqlite_schema" { return }
            for line in try store.connection.foreignKeyCheck(of: table) { found("sqlite", "", line) }
        }
    }
}
