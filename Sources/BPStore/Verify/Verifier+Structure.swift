import BPSQLite

// SQLite's own check. It reads the whole file, in one transaction or table by table.
extension Verifier {
    /// - Parameter inParts: whether each table is checked in a transaction of its own.
    package func checkStructure(inParts: Bool) {
        guard inParts else { return checkStructure(of: nil) }
        var tables = ["sqlite_schema"]
        attempt("sqlite") { tables = try store.tables() }
        for table in tables { checkStructure(of: table) }
    }

    private func checkStructure(of table: String?) {
        attempt("sqlite") {
            for line in try store.connection.integrityCheck(of: table) { found("sqlite", "", line) }
            if table == "sqlite_schema" { return }
            for line in try store.connection.foreignKeyCheck(of: table) { found("sqlite", "", line) }
        }
    }
}

extension Store {
    /// The maximum size of a file that is checked as a whole, well within the time limit of a transaction.
    private static let small = 64 << 20

    /// Whether a check of the whole file would keep a transaction open for long while a run is alive. In such a file
    /// the search for unused and doubly used pages is skipped; the hashes still protect the contents.
    var isLargeAndAtWork: Bool {
        let size = try? connection.value("PRAGMA page_count", as: Int.self) * Opening.pageSize
        guard let size, size > Store.small else { return false }
        let opening = Opening(path: path, purpose: .reading, durability: .off, environment: environment)
        return ((try? opening.aliveRun(self)) ?? nil) != nil
    }

    /// The tables of the file, beginning with the one that lists them.
    fileprivate func tables() throws -> [String] {
        try ["sqlite_schema"]
            + connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'", as: String.self)
    }

    /// SQLite's quick check of the file's structure, one line per fault. It reads the whole file, table by table if the
    /// file is large and runs are training.
    package func quickCheck() throws -> [String] {
        guard isLargeAndAtWork else { return try connection.integrityCheck(quick: true) }
        return try tables().flatMap { try connection.integrityCheck(of: $0, quick: true) }
    }
}
