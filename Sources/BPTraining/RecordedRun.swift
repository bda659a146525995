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
    /// The tables of its line that are read already, for the runs that it was forked from.
    private let tables: [SHA256Digest: Table]

    /// - Parameters:
    ///   - file: the data of this run or of one that it was forked from, which are compared with the recorded hash. If
    ///     the registry does not keep them and no file is named, the recorded path is read.
    ///   - relative: a run of the same line, whose tables are this one's too if both were trained on the same data.
    init(
        _ registry: Registry, run number: Int, file: DataFile? = nil, relative: RecordedRun? = nil
    ) throws {
        self.registry = registry
        run = try registry.run(number)
        spec = try RecordedRun.spec(registry, run: number)
        grid = try RecordedRun.grid(registry, run: number)
        var tables = try relative?.tables ?? GivenData.tables(file, ofRun: number, in: registry)
        table = try tables[run.dataset] ?? RecordedRun.storedTable(registry, run: run, file: file)
        tables[run.dataset] = table
        self.tables = tables
        data = try TrainingData(table, spec: spec)
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

    /// The data: from the file that was named, or as `storedTable`.
    static func table(_ registry: Registry, run: RunRecord, file: DataFile?) throws -> Table {
        let given = try GivenData.tables(file, ofRun: run.number, in: registry)
        return try given[run.dataset] ?? storedTable(registry, run: run, file: file)
    }

    /// The data: out of the registry, or from the recorded path, if the file there has the recorded hash.
    private static func storedTable(_ registry: Registry, run: RunRecord, file: DataFile?) throws -> Table {
        let record = try registry.dataset(run.dataset)
        guard record.isStored else {
            // A file that was named is not this run's, but that of a run it was forked from.
            return try tableFromFile(record, run: run, DataFile(choices: file?.choices ?? .init()), in: registry)
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

    /// The data, of which `file` may be another run's: then they are read from where they were.
    static func table(_ registry: Registry, run: RunRecord, ifOf file: DataFile?) throws -> Table {
        do { return try table(registry, run: run, file: file) } catch let error as TrainingError {
            guard case .otherData = error, let table = try? table(registry, run: run, file: nil) else { throw error }
            return table
        }
    }

    /// The data from `file`, or from the recorded path if it names none.
    static func tableFromFile(
        _ record: DatasetRecord, run: RunRecord, _ file: DataFile, in registry: Registry
    ) throws -> Table {
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
                if found == record.hash { return table }
            } catch {
                failure = failure ?? error
                if error.kind == .unreadable { break }
            }
        }
        failure?.file = nil
        throw TrainingError.dataUnavailable(
            run: run.number, path: path,
            what: failure?.description
                ?? "it is not the data that the run was trained on (hash \(found.short), not \(record.hash.short))")
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
