import BPCore
import BPData
package import BPJSON

/// How well weights do on rows whose targets are known.
public struct Evaluation: Sendable, Equatable {
    /// How many rows.
    public let rows: Int
    /// The mean loss over the rows, in the units that training used (a regression's targets are standardised).
    public let loss: Float
    /// The other measures, by task.
    public let scores: TaskScores
    /// The first row whose prediction or loss is not finite; nil if all are.
    public let nonFinite: NonFinite?

    /// Measures that depend on the task.
    public enum TaskScores: Sendable, Equatable {
        /// The share of rows whose class is right; how often class i (row) was taken for class j (column).
        case classification(accuracy: Double, confusion: [[Int]], classes: [String])
        /// R², which is nil if the target does not vary in the rows, and errors in the target's own units.
        case regression(r2: Double?, meanAbsoluteError: Double, rootMeanSquaredError: Double)
    }

    /// Whether every row has a finite prediction.
    var hasPredictions: Bool { nonFinite?.isPrediction != true }

    /// The share of rows that have the most frequent class: the accuracy of a model that always predicts it. nil in a
    /// regression.
    public var majorityShare: Double? { majority.map { Double($0.count) / Double(rows) } }

    /// The most frequent class of the rows, the first on ties, and how many rows have it; nil in a regression.
    package var majority: (name: String, count: Int)? {
        guard case .classification(_, let confusion, let classes) = scores else { return nil }
        let counts = confusion.map { $0.reduce(0, +) }
        guard let most = counts.max(), let index = counts.firstIndex(of: most) else { return nil }
        return (classes[index], most)
    }

    /// The measures of the task as JSON, as they are recorded.
    package var scoresJSON: JSONValue {
        switch scores {
        case .classification(let accuracy, let confusion, let classes):
            [
                "accuracy": .double(accuracy), "classes": .array(classes.map(JSONValue.string)),
                "confusion": .array(confusion.map { .array($0.map { JSONValue($0) }) }),
            ]
        case .regression(let r2, let absolute, let squared):
            [
                "r2": JSONValue(r2), "mean_absolute_error": .double(absolute),
                "root_mean_squared_error": .double(squared),
            ]
        }
    }

    /// Measures `outputs` [rows × outputWidth] of rows of `table`.
    /// - Parameter lossFault: a row whose loss is not finite.
    init(
        loss: Float, outputs: [Float], table: Table, rows: [Int], encoding: Encoding, lossFault: NonFinite? = nil
    ) throws(DataError) {
        self.rows = rows.count
        self.loss = loss
        nonFinite = lossFault ?? NonFinite(outputs: outputs, of: table, rows: rows, encoding: encoding)
        if let labels = encoding.classes {
            let actual = try encoding.classIndices(table, rows: rows)
            let predicted = encoding.predictedClasses(outputs)
            scores = .classification(
                accuracy: Scores.accuracy(predicted, actual),
                confusion: Scores.confusion(predicted, actual, classes: labels.count), classes: labels.names)
        } else {
            let actual = try encoding.targetNumbers(table, rows: rows)
            let predicted = encoding.predictedNumbers(outputs)
            scores = .regression(
                r2: Scores.r2(predicted, actual), meanAbsoluteError: Scores.meanAbsoluteError(predicted, actual),
                rootMeanSquaredError: Scores.rootMeanSquaredError(predicted, actual))
        }
    }
}
