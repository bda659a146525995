import BPRegistry
import BPStore

// Before the transaction ends, the checks of `verify` are applied to everything new in it.
extension RowMerge {
    /// - Throws: `RegistryError.unsound` with the first finding.
    func check(_ runs: [Int]) throws {
        let verifier = Verifier(store)
        func check(_ rows: [some SealedRow]) { for row in rows { verifier.check(row) } }
        for number in runs {
            check([try store.runs.need(number)])
            let segments = try store.segments.all(ofRun: number)
            check(segments)
            check(try store.keyframes.complete(ofRun: number))
            check(try store.versions.all(ofRun: number))
            check(try store.pins.all(ofRun: number))
            for segment in segments {
                var next = 0
                var page: [BlockRow] = []
                repeat {
                    page = try store.blocks.page(run: number, segment: segment.number, from: next)
                    check(page)
                    next += page.count
                } while page.count == BlockTable.pageLength
            }
        }
        for model in contents.models { check([try store.models.find(name: model.row.name)].compactMap { $0 }) }
        for spec in contents.specs.keys { check([try store.specs.find(spec)].compactMap { $0 }) }
        for dataset in contents.datasets {
            check([try store.datasets.need(dataset.row.hash)])
            for column in try store.datasets.columns(of: dataset.row.hash) where dataset.row.isStored {
                try checkSize(column)
            }
        }
        check([try store.registry.need()])
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

    /// The tensor of a column has the size that the column's row records.
    private func checkSize(_ column: DatasetColumnRow) throws {
        guard try store.tensors.size(of: column.sha256) == column.bytes else {
            throw RegistryError.unsound(
                place: "dataset_column \(column.keyText)", what: "its bytes have another number")
        }
    }

    /// The rows of a run can be read as records.
    private func checkReading(_ number: Int) throws {
        _ = try RunRecord(RunRow(named: number, in: store), in: store)
        _ = try store.attempts.all(ofRun: number)
        for keyframe in try store.keyframes.complete(ofRun: number) { _ = try store.keyframes.tensors(of: keyframe) }
        for version in try store.versions.all(ofRun: number) { _ = try store.versions.tensors(of: version) }
        do {
            _ = try store.events.lastRollback(of: .run(number), reference: "\(number)")
        } catch RegistryError.notFound {}
    }
}
