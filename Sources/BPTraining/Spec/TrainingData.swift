import BPCore
import BPData

/// The three splits of a table, encoded for the network.
final class TrainingData: Sendable {
    let training: EncodedSplit
    let validation: EncodedSplit?
    let test: EncodedSplit?
    /// Which rows each holds.
    let split: Split
    /// What must be said about how they were encoded.
    let notes: [String]

    /// - Parameter split: the split that the spec makes, if it is known already.
    init(_ table: Table, spec: TrainingSpec, split known: Split? = nil) throws {
        split = try known ?? spec.split(table)
        training = try EncodedSplit(table, rows: split.training, encoding: spec.encoding)
        // A category that only rows outside the training split have is 0 there: no reason to refuse the data.
        validation =
            try split.validation.isEmpty
            ? nil : EncodedSplit(table, rows: split.validation, encoding: spec.encoding, unknown: .zero)
        test =
            try split.test.isEmpty
            ? nil : EncodedSplit(table, rows: split.test, encoding: spec.encoding, unknown: .zero)
        notes = [("validation", validation), ("test", test)].compactMap { name, split in
            split?.unknownCategories.map { "\(name) split: \($0)" }
        }
    }
}

/// Rows of a table, encoded, with what is needed to score a network's outputs on them.
struct EncodedSplit: Sendable {
    let samples: Samples
    /// A sentence about categories that became 0; nil if there are none.
    let unknownCategories: String?
    private let encoding: Encoding
    private let classes: [Int]
    private let targets: [Float]

    init(_ table: Table, rows: [Int], encoding: Encoding, unknown: UnknownCategory = .refuse) throws {
        try encoding.checkInputs(table, rows: rows.count)
        let inputs = try InputRows(count: rows.count, width: encoding.inputWidth)
        let remarks = try inputs.withFloats { floats throws(DataError) in
            try encoding.encodeInputs(table, rows: rows, unknown: unknown, into: floats, stride: inputs.stride)
        }
        let targets = try encoding.encodeTargets(table, rows: rows)
        classes =
            encoding.task == .classification
            ? try encoding.classIndices(table, rows: rows) : []
        samples = try Samples(inputs, targets: targets, targetWidth: encoding.outputWidth)
        unknownCategories = remarks.firstZeroed.map {
            (remarks.zeroedCount == 1
                ? "1 of its values is a category that the training rows do not have, and counts as 0: "
                : "\(remarks.zeroedCount) of its values are categories that the training rows do not have, and count as 0; "
                    + "the first: ") + $0.description
        }
        self.encoding = encoding
        self.targets = encoding.task == .regression ? targets : []
    }

    /// The one number that an epoch records of the validation split: accuracy, or R² (which is the same in
    /// standardised units), rounded to float32 once. NaN if R² is undefined.
    func score(_ outputs: [Float]) -> Float {
        encoding.task == .classification
            ? Float(Scores.accuracy(encoding.predictedClasses(outputs), classes))
            : Scores.r2(outputs.map(Double.init), targets.map(Double.init)).map { Float($0) } ?? .nan
    }
}
