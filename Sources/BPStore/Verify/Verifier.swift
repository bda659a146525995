import BPSQLite

/// One walk over a registry. Each table is read in pages by key, so that no transaction is long. Rows that must agree
/// with each other are read in one transaction.
///
/// It checks the structure: SQLite's own checks, the schema, seals, counts, and content against its hashes. The caller
/// supplies the rules about runs and lines.
package final class Verifier {
    package let store: Store
    package internal(set) var report = VerifyReport()
    private let rules: any RowRules
    private var tallies: [(name: String, value: Int)] = []

    package init(_ store: Store, rules: any RowRules) { (self.store, self.rules) = (store, rules) }

    package func checkAll() {
        checkStructure(inParts: store.isLargeAndAtWork)
        attempt("sqlite_schema") { try checkSchema() }
        for table in SealedTable.sealed { walk(table) }
        attempt("registry") { try store.connection.read { try checkRegistryRow() } }
        attempt("chunk") { try checkChunks() }
        attempt("tensor") { try checkTensors() }
        report.counts = counts
    }

    /// The number of checked items of each kind.
    var counts: [VerifyReport.Count] { tallies.map { VerifyReport.Count(name: $0.name, value: $0.value) } }

    func found(_ table: String, _ row: String, _ what: String) {
        let finding = VerifyReport.Finding(table: table, row: row, what: what)
        // A fault that two checks see is reported once. A thousand findings are enough in a file that is broken
        // everywhere.
        if report.findings.count < 1_000, !report.findings.contains(finding) { report.findings.append(finding) }
    }

    func tally(_ name: String, _ count: Int = 1) {
        if let index = tallies.firstIndex(where: { $0.name == name }) {
            tallies[index].value += count
        } else {
            tallies.append((name, count))
        }
    }

    /// Runs a check; an error that it throws is a finding.
    func attempt(_ table: String, row: String = "", _ check: () throws -> Void) {
        do {
            try check()
        } catch {
            switch RegistryError(error, path: store.path) {
            // A fault on the way to a row is reported for the row that has it, because the walk reports it again there.
            case .damaged(_, let place, let what):
                let words = place.split(separator: " ", maxSplits: 1).map(String.init)
                let isRow = SealedTable.sealed.contains { $0.name == words.first }
                isRow ? found(words[0], words.dropFirst().joined(), what) : found(table, row, "\(place): \(what)")
            case let other: found(table, row, other.description)
            }
        }
    }

    // MARK: Tables

    /// Reads a table page by page: the seal of each row, the rows that it counts, and the rules for its kind.
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
                        // In a broken tree the same row may be returned repeatedly.
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
        table === SealedTable.run
            ? 1
            : table === SealedTable.deletedPiece
                ? 8 : table === SealedTable.block || !table.counts.isEmpty ? 64 : Limit.page
    }

    /// A page of rows whose seals may or may not match.
    private func rows(_ table: SealedTable, after last: [SQLiteValue]?) throws -> [(row: TableRow, fits: Bool)] {
        let key = table.key.joined(separator: ", ")
        let marks = table.key.map { _ in "?" }.joined(separator: ", ")
        let condition = last == nil ? "" : "WHERE (\(key)) > (\(marks))"
        return try store.unsealedRows(
            table, "\(condition) ORDER BY \(key) LIMIT \(pageLength(table))", last ?? []
        ) { (row: $0, fits: $1) }
    }

    /// Checks everything else about a row that matches its seal. No value of another row can be trusted.
    package func check(_ row: TableRow) {
        attempt(row.table.name, row: row.keyText) {
            for count in row.table.counts where try isCounted(count, of: row) { try check(count, of: row) }
            let rowCheck = RowCheck(verifier: self, row: row)
            switch row.table {
            case .spec: try checkHash(of: SpecRow(row), rowCheck)
            case .model: try checkNumbers(of: ModelRow(row), rowCheck)
            case .version: try checkTensors(of: VersionRow(row), rowCheck)
            case .dataset:
                let dataset = try DatasetRow(row)
                try checkColumns(of: dataset, rowCheck)
                try rules.check(dataset, rowCheck)
            case .keyframe:
                let keyframe = try KeyframeRow(row)
                try checkTensors(of: keyframe, rowCheck)
                try rules.check(keyframe, rowCheck)
            case .run: try rules.check(RunRow(row), rowCheck)
            case .segment: try rules.check(SegmentRecord(row), rowCheck)
            case .block: try rules.check(BlockRow(row), rowCheck)
            case .pin: try rules.check(PinRecord(row), rowCheck)
            case .deletedPiece: try checkRows(of: DeletedPieceRow(row), rowCheck)
            case .deletedTensor: try checkPresence(of: DeletedTensorRow(row).tensor, rowCheck)
            default: break
            }
        }
    }

    /// Checks everything else about a row that was read with its seal.
    package func check(_ row: some SealedRow) { check(TableRow(row)) }

    /// The keyframes of a deleted run are in the pieces of its deletion, while its segments stay in their table.
    private func isCounted(_ count: SealedTable.Count, of row: TableRow) throws -> Bool {
        guard row.table == .segment, count.table == "keyframe" else { return true }
        return try store.runs.find(SegmentRecord(row).run) != nil
    }

    /// The rows that a deletion keeps match their seals.
    private func checkRows(of piece: DeletedPieceRow, _ check: RowCheck) throws {
        for (row, fits) in try piece.sealedRows(in: store) where !fits {
            check.found("\(row.table.name) \(row.keyText) does not fit its seal")
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
        // NULL if a later schema added the column and nothing has been counted yet.
        let recorded = try row.optionalInt(count.column) ?? 0
        if actual != recorded {
            found(table.name, row.keyText, "\(count.column) is \(recorded), but there are \(actual)")
        }
    }

    private func checkHash(of spec: SpecRow, _ check: RowCheck) {
        if SHA256.hash(spec.json) != spec.hash { check.found("it does not fit its hash") }
    }

    /// The last number given to a version is not less than the numbers in use.
    private func checkNumbers(of model: ModelRow, _ check: RowCheck) throws {
        let highest = try store.versions.highest(ofModel: model.id) ?? 0
        if highest > model.lastVersion { check.found("last_version is less than version \(highest)") }
    }

    /// The last numbers given are not less than the numbers in use.
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
