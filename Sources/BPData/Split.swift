import BPCore

/// Which rows are for training, which for validation and which for the test. Each row is in exactly one part, and
/// the rows of a part ascend.
///
/// The rows are shuffled by the seed (purpose split). Of each class, or of all rows in a regression, the first ones
/// in shuffled order are the test part, the next the validation part, the rest the training part. A part of fraction f
/// has f·N rows, rounded, and at least one; each class gets the whole part of its share f·n, and the rows that are
/// left go one each to the classes with the largest remainders, the first class on ties. A class keeps a training row.
public struct Split: Sendable, Equatable {
    /// A part of the rows.
    public enum Part: String, CaseIterable, Sendable { case training, validation, test }

    /// Rows to learn from, ascending.
    public let training: [Int]
    /// Rows to watch the learning by, ascending.
    public let validation: [Int]
    /// Rows kept for the end, ascending.
    public let test: [Int]
    /// What must be said: parts that could not have their share.
    public let notes: [String]

    /// The rows of a part.
    public func rows(_ part: Part) -> [Int] {
        switch part {
        case .training: training
        case .validation: validation
        case .test: test
        }
    }
}

extension Split {
    /// The split of a table: for classification each class is split by itself.
    /// - Throws: `DataError` if the target is no column, or fewer than 2 rows are left for training.
    public init(
        _ table: Table, target: String, task: LearningTask, fractions: SplitFractions, seed: UInt64
    ) throws(DataError) {
        let index = try table.requiredIndex(ofColumn: target, as: "target")
        let strata = task == .classification ? try table.classes(of: index) : nil
        try self.init(rowCount: table.rowCount, strata: strata, fractions: fractions, seed: seed)
    }

    /// The split of rows 0 ..< rowCount, where row r belongs to stratum `strata[r]`, counted from 0.
    init(rowCount: Int, strata: [Int]?, fractions: SplitFractions, seed: UInt64) throws(DataError) {
        let strata = strata ?? Array(repeating: 0, count: rowCount)
        var sizes = Array(repeating: 0, count: (strata.max() ?? 0) + 1)
        for stratum in strata { sizes[stratum] += 1 }
        var free = sizes.map { max(0, $0 - 1) }
        var notes: [String] = []
        let test = Share("test", fractions.test).take(from: sizes, &free, &notes)
        let validation = Share("validation", fractions.validation).take(from: sizes, &free, &notes)

        var rows = Array(0..<rowCount)
        var stream = PhiloxStream(seed: seed, purpose: .split, stream: 0)
        stream.shuffle(&rows)
        var parts: [Part: [Int]] = [:]
        var taken = Array(repeating: 0, count: sizes.count)
        for row in rows {
            let stratum = strata[row]
            let place = taken[stratum]
            taken[stratum] += 1
            let part: Part =
                place < test[stratum] ? .test : place < test[stratum] + validation[stratum] ? .validation : .training
            parts[part, default: []].append(row)
        }
        training = parts[.training, default: []].sorted()
        self.validation = parts[.validation, default: []].sorted()
        self.test = parts[.test, default: []].sorted()
        self.notes = notes
        guard training.count >= 2 else {
            throw DataError(
                .unusable,
                "\(Visible.count(training.count, "row")) of \(Visible.grouped(rowCount)) would be left for training; at least 2 are needed"
            )
        }
    }
}
