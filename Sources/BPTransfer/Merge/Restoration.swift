import BPJSON
package import BPRegistry
import BPStore

extension Registry {
    /// Restores everything in a source. Rows that are already here are recognised, and numbers are kept if they are
    /// free; restoring the same source again changes nothing. A run that the source continues is extended if the chain
    /// of losses proves that both have the same beginning. Contents are written first, in transactions of at most 8
    /// MiB, and nothing refers to them yet. The rows follow in one transaction, or in several of whole runs if there
    /// are very many. Each ends only after all checks of `verify` on the new rows.
    /// - Throws: `unsound` if no registry wrote the source; `conflict` if a run is here with another history; `alive` if
    ///   a run would be extended whose process is alive; `readOnly`, `diskFull`, `inputOutput`; errors of reading the
    ///   source.
    package func restore(from source: any TransferSource) throws -> RestoreReport {
        try restore(from: source, rowsInTransaction: Restoration.rowsInTransaction)
    }

    /// - Parameter rowsInTransaction: about how many rows one transaction writes, if there are more runs than one.
    func restore(from source: any TransferSource, rowsInTransaction: Int) throws -> RestoreReport {
        let restoration = Restoration(source, rowsInTransaction)
        do {
            return try withStore { store in
                let report = try restoration.restore(into: store)
                try store.checkPlace()
                return report
            }
        } catch {
            throw restoration.foreign ?? error
        }
    }
}

/// One restoration.
final class Restoration {
    let source: any TransferSource
    var report = RestoreReport()
    /// The error of reading the source, which is thrown to the caller unchanged.
    var foreign: (any Error)?
    /// Contents that were written and to which nothing referred before.
    var written: [SHA256Digest] = []
    /// The numbers of runs and versions in this registry.
    var runs: [UUIDv7: Int] = [:]
    var versions: [UUIDv7: Int] = [:]

    static let rowsInTransaction = 200_000
    private let rowsInTransaction: Int

    /// The runs and versions by their numbers in the source, and the parts by their names.
    private(set) var archivedRuns: [Int: UUIDv7] = [:]
    private(set) var archivedVersions: [String: UUIDv7] = [:]
    private(set) var parts: [TransferPart.Name: TransferPart] = [:]

    init(_ source: any TransferSource, _ rowsInTransaction: Int) {
        (self.source, self.rowsInTransaction) = (source, rowsInTransaction)
    }

    func restore(into store: Store) throws -> RestoreReport {
        let reader = try store.read { try RowReader(store) }
        let contents = try TransferContents(source.document, reader)
        for run in contents.runs {
            archivedRuns[run.number] = run.uuid
            for version in run.versions { archivedVersions[version.name] = version.uuid }
        }
        try checkParts()
        do {
            let needed = try store.read { try self.needed(contents, store) }
            try stage(needed, store)
            try restoreRows(contents, store)
        } catch {
            let failure = RegistryError(error, path: store.path)
            removeWritten(store)
            throw failure
        }
        return report
    }

    /// The parts are exactly those of the document, each once.
    private func checkParts() throws {
        let (expected, given) = (try TransferDocument.parts(of: source.document), source.parts)
        parts = Dictionary(given.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        guard expected.count == given.count, Set(expected) == Set(given) else {
            let missing = Set(expected).subtracting(given).count
            throw RegistryError.unsound(
                place: "the parts",
                what: "there are \(given.count) parts; \(missing) of the \(expected.count) required ones are missing")
        }
    }

    private func restoreRows(_ contents: TransferContents, _ store: Store) throws {
        var rest = contents.runs[...]
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
                try store.writeForeign {
                    try RowMerge(contents, self, store).merge(Array(runs), isLast: rest.isEmpty)
                }
            } catch {
                report = before
                throw error
            }
        } while !rest.isEmpty
    }

    /// Reads a part; keeps the source's own errors for the caller.
    func read(_ part: TransferPart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
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
