import BPStore
import BPSQLite

// Before the end of the transaction: what verify checks of a registry is checked of all that is new in this one.
extension RestoredRows {
    /// - Throws: `RegistryError.unsound` with the first finding.
    func check(_ runs: [Int]) throws {
        let verifier = Verifier(store)
        for number in runs {
            verifier.check(try store.need(.run, [.int(number)]))
            for table in [SealedTable.segment, .keyframe, .version, .pin] {
                for row in try store.rows(table, "WHERE run = ?", [number]) { verifier.check(row) }
            }
            try checkBlocks(number, verifier)
        }
        let models = record.models.map(\.name)
        for name in models {
            for row in try store.rows(.model, "WHERE name = ?", [name]) { verifier.check(row) }
        }
        for spec in record.specs.keys {
            for row in try store.rows(.spec, "WHERE hash = ?", [spec.bytes]) { verifier.check(row) }
        }
        for dataset in record.datasets {
            verifier.check(try store.need(.dataset, [.digest(dataset.hash)]))
            for row in try store.rows(.datasetColumn, "WHERE dataset = ?", [dataset.hash.bytes]) where dataset.isStored
            {
                try checkSize(row)
            }
        }
        verifier.check(try store.need(.registry, [.integer(1)]))
        if let finding = verifier.report.findings.first {
            let place = "\(finding.table) \(finding.row)"
            throw RegistryError.unsound(place: place, what: finding.what)
        }
        do {
            for number in runs { try checkReading(number) }
        } catch {
            guard case .damaged(_, let place, let what) = RegistryError(error, path: store.path) else { throw error }
            throw RegistryError.unsound(place: place, what: what)
        }
    }

    private func checkBlocks(_ run: Int, _ verifier: Verifier) throws {
        for segment in try store.rows(.segment, "WHERE run = ?", [run]) {
            var next = 0
            while true {
                let page = try store.rows(
                    .block, "WHERE run = ? AND segment = ? AND block >= ? ORDER BY block LIMIT 64",
                    [run, segment["number"], next])
                for row in page { verifier.check(row) }
                next += page.count
                if page.count < 64 { break }
            }
        }
    }

    /// The bytes of a column are as many as its row says.
    private func checkSize(_ row: TableRow) throws {
        let size = try store.connection.first(
            "SELECT bytes FROM tensor WHERE sha256 = ?", [row["sha256"]], as: Int.self)
        guard try size == row.int("bytes") else {
            throw RegistryError.unsound(place: "dataset_column \(row.keyText)", what: "it has other bytes")
        }
    }

    /// What readers make of the rows of a run can be made of them.
    private func checkReading(_ number: Int) throws {
        let run = try store.runRow(number)
        _ = try store.runRecord(run, store.environment)
        for row in try store.rows(.segment, "WHERE run = ?", [number]) { _ = try SegmentRecord(row) }
        for row in try store.rows(.attempt, "WHERE run = ?", [number]) { _ = try store.attempt(row) }
        for row in try store.rows(.keyframe, "WHERE run = ?", [number]) { _ = try store.keyframe(row) }
        for row in try store.rows(.version, "WHERE run = ?", [number]) {
            _ = try store.version(row, of: store.need(.model, [row["model"]]))
        }
        do {
            _ = try store.lastRollback(of: Subject.run(number), reference: "\(number)")
        } catch RegistryError.notFound {}
    }
}
