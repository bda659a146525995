import BPCore
import BPData
import BPJSON
import BPRegistry
import BPSystem

/// A recorded run with what is needed to compute with it again: its spec and its data.
struct RecordedRun {
    let registry: Registry
    let run: RunRecord
    let spec: TrainingSpec
    /// Where its epochs lie.
    let grid: EpochGrid
    /// The table it was trained on, and its splits.
    let table: Table
    let data: TrainingData
    /// The data that were named, for the runs that it was forked from.
    private let given: GivenData
    /// The tables of its line that are read already.
    private let tables: [SHA256Digest: Table]

    /// - Parameters:
    ///   - given: the data of this run or of one that it was forked from, if they were named.
    ///   - relative: a run of the same line, whose tables are this one's too if both were trained on the same data.
    init(
        _ registry: Registry, run number: Int, given: GivenData = .none, relative: RecordedRun? = nil
    ) throws {
        self.registry = registry
        run = try registry.run(number)
        spec = try RecordedRun.spec(registry, run: number)
        grid = try RecordedRun.grid(registry, run: number)
        self.given = relative?.given ?? given
        var tables = relative?.tables ?? [:]
        table = try tables[run.dataset] ?? self.given.table(of: run, in: registry)
        tables[run.dataset] = table
        self.tables = tables
        data = try TrainingData(table, spec: spec)
    }

    /// The same, of a file that is named as its data.
    init(_ registry: Registry, run number: Int, file: DataFile?) throws {
        try self.init(registry, run: number, given: GivenData(file, ofRun: number, in: registry))
    }

    /// Where a run's epochs lie: all its segments tell the same.
    static func grid(_ registry: Registry, run: Int) throws(RegistryError) -> EpochGrid {
        let segments = try registry.segments(ofRun: run)
        guard let first = segments.first, let grid = EpochGrid(first) else {
            throw .damaged(path: registry.path, place: "segment \(run).1", what: "its epochs lie where none can")
        }
        return grid
    }

    /// A run's spec.
    static func spec(_ registry: Registry, run: Int, anyNumerics: Bool = false) throws -> TrainingSpec {
        let text = try registry.spec(ofRun: run)
        guard let json = try? JSONValue(parsing: text) else {
            throw TrainingError.badSpec(run: run, what: "it is not JSON")
        }
        return try TrainingSpec(json: json, run: run, anyNumerics: anyNumerics)
    }

    /// The data: out of the registry, or from the recorded path, if the file there has the recorded hash.
    /// - Parameter choices: what is said about how the file is read.
    static func recordedTable(_ run: RunRecord, _ choices: TableChoices, in registry: Registry) throws -> Table {
        let record = try registry.dataset(run.dataset)
        guard record.isStored else {
            return try read(
                DataFile(choices: choices), as: record, orAnyOf: [record.hash], run: run, in: registry
            ).table
        }
        var columns: [Column] = []
        for (index, column) in record.columns.enumerated() {
            let bytes = try registry.columnBytes(record, column: index)
            guard let type = ColumnType(rawValue: column.type.rawValue) else { continue }
            columns.append(
                try Column(name: column.name, type: type, rowCount: record.rows, canonicalBytes: bytes))
        }
        return try Table(name: record.name, columns: columns)
    }

    /// The table in `file`, or at the recorded path if it names none, read as the data of `run` were.
    /// - Parameter wanted: the hashes that the table may have.
    /// - Throws: `TrainingError.dataUnavailable`, which names the file that is at fault; `RegistryError`.
    static func read(
        _ file: DataFile, as record: DatasetRecord, orAnyOf wanted: Set<SHA256Digest>, run: RunRecord,
        in registry: Registry
    ) throws -> (hash: SHA256Digest, table: Table) {
        var types: [String: ColumnType] = [:]
        for column in record.columns { types[column.name] = ColumnType(rawValue: column.type.rawValue) }
        let reading = try RunReading(of: run, in: registry)
        let path = file.path ?? reading.path ?? record.sourcePath
        var failure: DataError?
        var found = record.hash
        for choices in reading.choices(for: file) {
            do throws(DataError) {
                let table = try TableReader(types: types, choices: choices, rules: reading.rules).read(path: path)
                found = NewDataset(table, limit: 0).hash
                if wanted.contains(found) { return (found, table) }
            } catch {
                failure = failure ?? error
                if error.kind == .unreadable, error.file == path { break }
            }
        }
        let place = failure?.file ?? path
        failure?.file = nil
        throw TrainingError.dataUnavailable(
            run: run.number, path: place,
            what: failure?.description
                ?? "it is not the data that the run was trained on (hash \(found.short), not \(record.hash.short))",
            areLabels: place != path)
    }
}

extension NewDataset {
    /// The table as the registry stores it: with its content up to `limit` bytes, above it by path and hash.
    init(_ table: Table, limit: Int) {
        let columns = table.columns.map {
            NewDataset.Column(
                name: $0.name, type: DatasetRecord.ColumnType(rawValue: $0.type.rawValue) ?? .text,
                bytes: $0.canonicalBytes)
        }
        let bytes = columns.reduce(0) { $0 + $1.bytes.count }
        self.init(
            name: table.name,
            // The data must be found from another folder too.
            sourcePath: table.file.map { FilePath.resolved($0) ?? $0 } ?? "", rowCount: table.rowCount,
            columns: columns, keepContent: bytes <= limit)
    }
}
