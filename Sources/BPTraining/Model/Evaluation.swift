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

    /// Measures that depend on the task.
    public enum TaskScores: Sendable, Equatable {
        /// The share of rows whose class is right; how often class i (row) was taken for class j (column).
        case classification(accuracy: Double, confusion: [[Int]], classes: [String])
        /// R², and errors in the target's own units.
        case regression(r2: Double, meanAbsoluteError: Double, rootMeanSquaredError: Double)
    }

    /// The measures of the task as JSON.
    package var scoresJSON: JSONValue {
        switch scores {
        case .classification(let accuracy, let confusion, let classes):
            [
                "accuracy": .double(accuracy), "classes": .array(classes.map(JSONValue.string)),
                "confusion": .array(confusion.map { .array($0.map { JSONValue($0) }) }),
            ]
        case .regression(let r2, let absolute, let squared):
            [
                "r2": .double(r2), "mean_absolute_error": .double(absolute),
                "root_mean_squared_error": .double(squared),
            ]
        }
    }

    /// Measures `outputs` [rows × outputWidth] of rows of `table`.
    init(loss: Float, outputs: [Float], table: Table, rows: [Int], encoding: Encoding) throws(DataError) {
        self.rows = rows.count
        self.loss = loss
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
