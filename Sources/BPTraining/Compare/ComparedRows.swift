public import BPData
import BPRegistry

/// Which rows the models are compared on.
public enum RowChoice: Sendable {
    /// The test split if all have the same, else the validation split if all have the same, else `unseen`, else the
    /// test split of the base.
    case automatic
    /// A part of the data that the base was trained on, as its run split them.
    case split(StoredSplit)
    /// The rows of the base's data that none of the models, nor what it was forked from, was trained on.
    case unseen
    /// All rows of a table.
    case data(Table)
}

/// The rows that were chosen.
struct ComparedRows {
    let table: Table
    let rows: [Int]
    /// `train`, `validation`, `test`, `all` or `unseen`; nil for a table that was given.
    let split: String?
    /// What must be said of the choice.
    let notes: [String]

    init(_ choice: RowChoice, _ models: [ComparedModel], in registry: Registry) throws {
        if case .data(let table) = choice {
            (self.table, rows, split, notes) = (table, Array(0..<table.rowCount), nil, [])
            return
        }
        let base = models[0]
        let table = try base.given.table(of: base.run, in: registry)
        var splits: [Split] = []
        for model in models where model.run.dataset == base.run.dataset {
            splits.append(try model.spec.split(table))
        }
        let own = splits[0]
        self.table = table
        func unseen() throws -> [Int] {
            let seen = try models.map { model in
                try SeenRows(model, of: table, base: base, in: registry)
            }
            return (0..<table.rowCount).filter { row in !seen.contains { $0.contains(row) } }
        }
        switch choice {
        case .split(let named):
            rows = named.rows(of: own, table)
            (split, notes) = (named.rawValue, [])
            guard !rows.isEmpty else { throw TrainingError.noSplit(run: base.run.number, split: named.rawValue) }
        case .unseen:
            do { rows = try unseen() } catch is UnknownTraining { rows = [] }
            (split, notes) = ("unseen", [])
            guard !rows.isEmpty else { throw TrainingError.noSplit(run: base.run.number, split: "unseen") }
        case .automatic, .data:
            let areAll = splits.count == models.count
            let areSame = areAll && splits.allSatisfy { $0.hasRows(of: own) }
            let reason =
                !areAll
                ? "the data differ" : areSame ? "no rows are held out for validation or test" : "the splits differ"
            if areAll, !own.test.isEmpty, splits.allSatisfy({ $0.test == own.test }) {
                (rows, split, notes) = (own.test, StoredSplit.test.rawValue, [])
            } else if areAll, !own.validation.isEmpty, splits.allSatisfy({ $0.validation == own.validation }) {
                (rows, split) = (own.validation, StoredSplit.validation.rawValue)
                notes = [
                    own.test.isEmpty
                        ? "\(base.reference) has no test split: compared on the validation split"
                        : "the test splits differ, the validation splits do not: compared on these"
                ]
            } else if let none = try? unseen(), !none.isEmpty {
                (rows, split) = (none, "unseen")
                notes = ["\(reason): compared on the rows that none of them was trained on"]
            } else {
                let part: StoredSplit = !own.test.isEmpty ? .test : !own.validation.isEmpty ? .validation : .train
                (rows, split) = (part.rows(of: own, table), part.rawValue)
                notes = [
                    areSame
                        ? "\(reason): compared on the training rows"
                        : "\(reason): compared on the \(part.rawValue) split of \(base.reference)"
                ]
            }
        }
    }
}

extension Split {
    /// Whether every part has the same rows as that of another split of the table.
    fileprivate func hasRows(of other: Split) -> Bool {
        training == other.training && validation == other.validation && test == other.test
    }
}

/// The rows of a table that a model was trained on: by number where it is the table that its run had, else by content.
/// Of a fork what its parents were trained on counts too.
struct SeenRows {
    private var numbers: Set<Int> = []

    /// - Throws: `UnknownTraining` if its first weights were imported; an error of the data if those that the model was
    ///   trained on are not available, or the table lacks one of their columns.
    init(_ model: ComparedModel, of table: Table, base: ComparedModel?, in registry: Registry) throws {
        let loaded = model.loaded
        let line = try registry.line(ofRun: loaded.run, segment: loaded.segment)
        // The run that began with first weights is the first of the line.
        if let origin = line.first?.run,
            case .imported = try RecordedRun.spec(registry, run: origin, anyNumerics: true).firstWeights
        {
            throw UnknownTraining(run: origin)
        }
        for number in Set(line.filter { $0.first <= loaded.iteration && $0.first <= $0.last }.map(\.run)) {
            let run = try registry.run(number)
            let spec = try RecordedRun.spec(registry, run: number, anyNumerics: true)
            numbers.formUnion(
                try SeenRows.rows(
                    of: run, spec, in: table, isBase: run.dataset == base?.run.dataset, model.given, registry))
        }
    }

    private static func rows(
        of run: RunRecord, _ spec: TrainingSpec, in table: Table, isBase: Bool, _ given: GivenData,
        _ registry: Registry
    ) throws -> [Int] {
        if isBase { return try spec.split(table).training }
        let own = try given.table(of: run, in: registry)
        let training = try spec.split(own).training
        let names = spec.encoding.features.map(\.name) + [spec.encoding.target.name]
        let keys = Set(try RowKeys(own, names).keys(of: training))
        let all = try RowKeys(table, names).keys(of: 0..<table.rowCount)
        return all.indices.filter { keys.contains(all[$0]) }
    }

    func contains(_ row: Int) -> Bool { numbers.contains(row) }
}

/// The first weights of a run were trained elsewhere, on rows that are not known.
struct UnknownTraining: Error, CustomStringConvertible {
    let run: Int
    var description: String { "the first weights of run \(run) were imported" }
}

/// Rows by the content of some columns: two rows have the same key if a model would see the same in both.
private struct RowKeys {
    private let columns: [Column]

    init(_ table: Table, _ names: [String]) throws(DataError) {
        columns = try names.map { name throws(DataError) in
            table.columns[try table.requiredIndex(ofColumn: name)]
        }
    }

    /// SHA-256 over the values: numbers as float32, which is all that a network sees of them, text with its length.
    func keys(of rows: some Sequence<Int>) -> [SHA256Digest] {
        rows.map { row in
            var bytes: [UInt8] = []
            for column in columns {
                if let number = column.number(at: row) {
                    withUnsafeBytes(of: (Float(number) + 0).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
                } else {
                    let text = Array(column.text(at: row).utf8)
                    withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes.append(contentsOf: $0) }
                    bytes += text
                }
            }
            return SHA256.hash(bytes)
        }
    }
}
