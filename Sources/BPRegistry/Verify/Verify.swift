public import BPStore
import BPSQLite

extension Registry {
    /// Checks everything in the registry at `path`: SQLite's structure, the schema, every row's seal, that no row is
    /// missing, the chain, and every stored byte against its hash. Changes nothing.
    /// - Returns: what was found and what was looked at. It goes on after a finding as far as the file allows.
    /// - Throws: where there is no registry of this schema to check: `none`, `unusable`, `foreign`, `schemaNewer`,
    ///   `schemaOlder`, `schemaEdited`, `damaged` (it cannot be opened), `inputOutput`, `busy`.
    package static func verify(
        at path: String, environment: RegistryEnvironment = .system
    ) throws(RegistryError) -> VerifyReport {
        try open(at: path, for: .reading, environment: environment).verify()
    }

    /// As `verify(at:)`, for an open registry, which may be at work meanwhile.
    public func verify() throws(RegistryError) -> VerifyReport {
        try withStore { store in
            let verifier = Verifier(store)
            verifier.checkAll()
            return verifier.report
        }
    }
}

/// One walk over a registry. Each table is read in pages by key, so that no transaction is long; what must agree with
/// each other is read in one.
final class Verifier {
    let store: Store
    var report = VerifyReport()
    private var tallies: [(name: String, value: Int)] = []

    init(_ store: Store) { self.store = store }

    func checkAll() {
        checkStructure(inParts: isLargeAndAtWork)
        attempt("sqlite_schema") { try checkSchema() }
        for table in SealedTable.sealed { walk(table) }
        attempt("registry") { try store.connection.read { try checkRegistryRow() } }
        attempt("chunk") { try checkChunks() }
        attempt("tensor") { try checkTensors() }
        report.counts = counts
    }

    /// What was looked at so far.
    var counts: [VerifyReport.Count] { tallies.map { VerifyReport.Count(name: $0.name, value: $0.value) } }

    func found(_ table: String, _ row: String, _ what: String) {
        let finding = VerifyReport.Finding(table: table, row: row, what: what)
        // What two checks see is told once; of a file that is broken all over, the first thousand say enough.
        if report.findings.count < 1_000, !report.findings.contains(finding) { report.findings.append(finding) }
    }

    func tally(_ name: String, _ count: Int = 1) {
        if let index = tallies.firstIndex(where: { $0.name == name }) {
            tallies[index].value += count
        } else {
            tallies.append((name, count))
        }
    }

    /// Runs a check; what it meets on the way is a finding.
    func attempt(_ table: String, row: String = "", _ check: () throws -> Void) {
        do {
            try check()
        } catch {
            switch RegistryError(error, path: store.path) {
            // What is met on the way to a row is told of the row that it is, where the walk comes by again.
            case .damaged(_, let place, let what):
                let words = place.split(separator: " ", maxSplits: 1).map(String.init)
                let isRow = SealedTable.sealed.contains { $0.name == words.first }
                isRow ? found(words[0], words.dropFirst().joined(), what) : found(table, row, "\(place): \(what)")
            case let other: found(table, row, other.description)
            }
        }
    }

    // MARK: Tables

    /// Reads a table page by page: the seal of each row, the rows that it counts, and what else its kind must satisfy.
    private func walk(_ table: SealedTable) {
        tally(table.name, 0)
        var last: [SQLiteValue]?
        var isMore = true
        while isMore {
            isMore = false
            attempt(table.name) {
                try store.connection.read {
                    let page = try rows(table, after: last)
                    for row in page {
                        let key = Array(row.row.key)
                        // In a broken tree a row may come again and again.
                        guard last.map({ key.follows($0) }) ?? true else {
                            throw store.damaged(table.name, "its rows are out of order")
                        }
                        last = key
                        tally(table.name)
                        if row.fits {
                            check(row.row)
                        } else {
                            found(table.name, row.row.keyText, "the row does not fit its seal")
                        }
                    }
                    isMore = page.count == pageLength(table)
                }
            }
        }
    }

    private func pageLength(_ table: SealedTable) -> Int {
        // A run is read with all its epochs.
        table === SealedTable.run ? 1 : table === SealedTable.block || !table.counts.isEmpty ? 64 : Limit.page
    }

    /// A page of rows whose seals may or may not fit.
    private func rows(_ table: SealedTable, after last: [SQLiteValue]?) throws -> [(row: TableRow, fits: Bool)] {
        let key = table.key.joined(separator: ", ")
        let marks = table.key.map { _ in "?" }.joined(separator: ", ")
        let condition = last == nil ? "" : "WHERE (\(key)) > (\(marks))"
        return try store.unsealedRows(
            table, "\(condition) ORDER BY \(key) LIMIT \(pageLength(table))", last ?? []
        ) { (row: $0, fits: $1) }
    }

    /// What a row that fits its seal must satisfy besides; of another one, no value is to be trusted.
    func check(_ row: TableRow) {
        attempt(row.table.name, row: row.keyText) {
            for count in row.table.counts { try check(count, of: row) }
            switch row.table.name {
            case "spec": try checkSpec(row)
            case "dataset": try checkDataset(row)
            case "model": try checkModel(row)
            case "run": try checkRun(row)
            case "segment": try checkSegment(row)
            case "iteration_block": try checkBlock(row)
            case "keyframe": try checkKeyframe(row)
            case "version": try checkVersion(row)
            case "pin": try checkPin(row)
            default: break
            }
        }
    }

    private func check(_ count: SealedTable.Count, of row: TableRow) throws {
        let table = row.table
        let key = table.key.map { "parent.\($0) = ?" }.joined(separator: " AND ")
        let actual: Int = try store.connection.value(
            """
            SELECT count(*) FROM \(table.name) AS parent JOIN \(count.table) AS child ON \(count.condition)
            WHERE \(key)
            """, Array(row.key))
        // NULL where a later schema added the column, and nothing has been counted yet.
        let told = try row.optionalInt(count.column) ?? 0
        if actual != told { found(table.name, row.keyText, "\(count.column) is \(told), but there are \(actual)") }
    }

    /// The last numbers given are not less than those in use.
    private func checkRegistryRow() throws {
        let connection = store.connection
        guard let row = try store.row(.registry, [.integer(1)]) else {
            let isEmpty: Bool = try connection.value(
                "SELECT NOT EXISTS (SELECT 1 FROM run) AND NOT EXISTS (SELECT 1 FROM dataset)")
            if !isEmpty { found("registry", "", "the row is missing") }
            return
        }
        for (column, table) in [
            ("last_run", "run"), ("last_model", "model"), ("last_keyframe", "keyframe"), ("last_note", "note"),
        ] {
            let highest: Int = try connection.value("SELECT coalesce(max(id), 0) FROM \(table)")
            if highest > (try row.optionalInt(column) ?? 0) {
                found("registry", "", "\(column) is less than \(table) \(highest)")
            }
        }
        let lastEvent: Int = try connection.value("SELECT coalesce(max(id), 0) FROM event")
        if lastEvent != (try row.int("events")) { found("event", "", "events are not numbered without gaps") }
    }
}

extension [SQLiteValue] {
    /// Whether this key comes after `other` in SQLite's order, for keys of integers, text and blobs.
    fileprivate func follows(_ other: [SQLiteValue]) -> Bool {
        for (mine, others) in zip(self, other) {
            switch (mine, others) {
            case (.integer(let mine), .integer(let others)) where mine != others: return mine > others
            case (.text(let mine), .text(let others)) where mine.utf8.elementsEqual(others.utf8) == false:
                return others.utf8.lexicographicallyPrecedes(mine.utf8)
            case (.blob(let mine), .blob(let others)) where mine != others:
                return others.lexicographicallyPrecedes(mine)
            default: continue
            }
        }
        return false
    }
}
