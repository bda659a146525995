import BPStore
import BPSQLite

extension Registry {
    /// Brings in all that a source holds: what is there already is recognised, numbers are kept where they are free.
    /// Called again it changes nothing. Contents are written ahead, in transactions of at most 8 MiB that nothing names
    /// yet; then the rows, in one transaction (of very many runs, in several, whole runs each), before whose end
    /// everything that `verify` would look at is looked at.
    /// - Throws: `unsound` when the source is not what a registry gave; `conflict` when a run is there with another
    ///   history; `readOnly`, `diskFull`, `inputOutput`; what reading the source throws.
    package func restore(from source: any PortableSource) throws -> RestoreReport {
        try restore(from: source, rowsInTransaction: Restorer.rowsInTransaction)
    }

    /// - Parameter rowsInTransaction: about how many rows one transaction writes, if there are more runs than one.
    func restore(from source: any PortableSource, rowsInTransaction: Int) throws -> RestoreReport {
        let restorer = Restorer(source, rowsInTransaction)
        do {
            return try withStore { store in try restorer.restore(into: store) }
        } catch {
            throw restorer.foreign ?? error
        }
    }
}

/// One restoration.
final class Restorer {
    let source: any PortableSource
    var report = RestoreReport()
    /// What reading the source threw, which goes to the caller as it is.
    var foreign: (any Error)?
    /// Contents that were written and that nothing named before.
    var written: [SHA256Digest] = []
    /// Numbers here of runs and versions, by UUID; of versions also by their number there.
    var runs: [UUIDv7: Int] = [:]
    var versions: [UUIDv7: Int] = [:]

    static let rowsInTransaction = 200_000
    private let rowsInTransaction: Int

    /// What the numbers there mean, and the parts by their names.
    private(set) var archivedRuns: [Int: UUIDv7] = [:]
    private(set) var archivedVersions: [String: UUIDv7] = [:]
    private(set) var parts: [PortablePart.Name: PortablePart] = [:]

    init(_ source: any PortableSource, _ rowsInTransaction: Int) {
        (self.source, self.rowsInTransaction) = (source, rowsInTransaction)
    }

    func restore(into store: Store) throws -> RestoreReport {
        let types = try store.read { try ColumnTypes(store) }
        let record = try translated { try DecodedRecord(source.record, types) }
        for run in record.runs {
            archivedRuns[run.number] = run.uuid
            for version in run.versions { archivedVersions["\(version.model):\(version.number)"] = version.uuid }
        }
        try checkParts()
        do {
            let needed = try store.read { try self.needed(record, store) }
            try stage(needed, store)
            try restoreRows(record, store)
        } catch {
            let failure = RegistryError(error, path: store.path)
            removeWritten(store)
            throw failure
        }
        return report
    }

    /// The parts are those of the record, each once.
    private func checkParts() throws {
        let (expected, given) = (try PortableRecord.parts(of: source.record), source.parts)
        parts = Dictionary(given.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        guard expected.count == given.count, Set(expected) == Set(given) else {
            let missing = Set(expected).subtracting(given).count
            throw RegistryError.unsound(
                place: "the parts",
                what: "\(given.count) are there, \(missing) of the \(expected.count) that must be are not")
        }
    }

    private func restoreRows(_ record: DecodedRecord, _ store: Store) throws {
        var rest = record.runs[...]
        repeat {
            var size = 0
            let batch = rest.prefix { run in
                size += run.size
                return size <= rowsInTransaction
            }
            let runs = batch.isEmpty ? rest.prefix(1) : batch
            rest = rest.dropFirst(runs.count)
            let before = report
            do {
                try translated {
                    try store.connection.transaction {
                        let rows = RestoredRows(record, self, store)
                        try rows.restore(Array(runs), isLast: rest.isEmpty)
                    }
                }
            } catch {
                report = before
                throw error
            }
        } while !rest.isEmpty
    }

    /// Errors that only what the source holds can have caused, in its own terms.
    func translated<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as BadColumn {
            throw RegistryError.unsound(
                place: "\(error.table) \(error.row)", what: "column \(error.column) holds what cannot be there")
        } catch let error as SQLiteError where error.isConstraint {
            throw RegistryError.unsound(place: "its rows", what: error.message)
        }
    }

    /// Reads a part; the source's own errors are kept for the caller.
    func read(_ part: PortablePart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var ours: (any Error)?
        do {
            try source.read(part) { bytes in
                do { try body(bytes) } catch {
                    ours = error
                    throw error
                }
            }
        } catch {
            if let ours { throw ours }
            foreign = error
            throw error
        }
    }
}
