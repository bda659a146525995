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

    /// - Parameters:
    ///   - file: the data where the registry keeps only their hash; the recorded path, read as its content shows,
    ///     unless said.
    ///   - relative: a run of the same line, whose table is this one's too where both were trained on the same data.
    init(
        _ registry: Registry, run number: Int, file: DataFile? = nil, relative: RecordedRun? = nil
    ) throws {
        self.registry = registry
        run = try registry.run(number)
        spec = try RecordedRun.spec(registry, run: number)
        grid = try RecordedRun.grid(registry, run: number)
        if let relative, relative.run.dataset == run.dataset {
            table = relative.table
        } else {
            table = try RecordedRun.table(registry, run: run, file: file)
        }
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

    /// The data: out of the registry, or from a file of the recorded hash.
    static func table(_ registry: Registry, run: RunRecord, file: DataFile?) throws -> Table {
        let record = try registry.dataset(run.dataset)
        guard record.isStored else {
            return try tableFromFile(record, run: run, file ?? DataFile(), in: registry)
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
            guard case .dataUnavailable = error, file?.path != nil,
                let table = try? table(registry, run: run, file: nil)
            else { throw error }
            return table
        }
    }

    private static func tableFromFile(
        _ record: DatasetRecord, run: RunRecord, _ file: DataFile, in registry: Registry
    ) throws -> Table {
        var types: [String: ColumnType] = [:]
        for column in record.columns { types[column.name] = ColumnType(rawValue: column.type.rawValue) }
        let reading = try RunReading(of: run, in: registry)
        let path = file.path ?? reading.path ?? record.sourcePath
        var failure: DataError?
        for choices in reading.choices(for: file) {
            do throws(DataError) {
                let table = try TableReader(types: types, choices: choices, rules: reading.rules).read(path: path)
                if NewDataset(table, limit: 0).hash == record.hash { return table }
            } catch {
                failure = failure ?? error
                if error.kind == .unreadable { break }
            }
        }
        failure?.file = nil
        throw TrainingError.dataUnavailable(
            run: run.number, path: path,
            what: failure?.description ?? "it is not the data that the run was trained on")
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
