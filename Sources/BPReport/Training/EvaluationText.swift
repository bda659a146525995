package import BPJSON
package import BPTraining

/// How well a model does, in words and as JSON.
package enum EvaluationText {
    /// `accuracy 95.7% (majority 34.8%), loss 0.142000 (23 rows)`, or `R² 0.931204, mean absolute error 4824.129, loss … (60 rows)`
    package static func line(_ evaluation: Evaluation) -> String {
        let rows = NumberText.counted(evaluation.rows, "row")
        let loss = "loss \(NumberText.measure(Double(evaluation.loss)))"
        switch evaluation.scores {
        case .classification(let accuracy, _, _):
            return "accuracy \(NumberText.percent(accuracy))\(majority(evaluation)), \(loss) (\(rows))"
        case .regression(let r2, let absolute, _):
            return
                "R² \(NumberText.measure(ifDefined: r2)), mean absolute error \(NumberText.measure(absolute)), \(loss) (\(rows))"
        }
    }

    /// ` (majority 34.8%)`: the accuracy of always predicting the most frequent class.
    private static func majority(_ evaluation: Evaluation) -> String {
        evaluation.majorityShare.map { " (majority \(NumberText.percent($0)))" } ?? ""
    }

    /// Sentences about measures that say less than they seem to: a row whose loss or prediction is not finite, or an
    /// accuracy that a model reaches which always predicts the most frequent class.
    /// - Parameter rows: what was measured, such as `the test rows`.
    package static func warnings(_ evaluation: Evaluation, of rows: String) -> [String] {
        var warnings =
            evaluation.nonFinite.map { fault in
                ["\(fault.isPrediction ? "a prediction" : "the loss") on \(rows) is not finite: \(fault)"]
            } ?? []
        if case .classification(_, let confusion, let classes) = evaluation.scores {
            warnings += [warning(confusion, classes, of: rows)].compactMap { $0 }
        }
        return warnings
    }

    /// A sentence about an accuracy that always predicting the most frequent class reaches too; nil if it is better.
    static func warning(_ confusion: [[Int]], _ classes: [String], of rows: String) -> String? {
        let counts = confusion.map { $0.reduce(0, +) }
        let (all, right) = (counts.reduce(0, +), zip(confusion, confusion.indices).reduce(0) { $0 + $1.0[$1.1] })
        guard let most = counts.max(), let index = counts.firstIndex(of: most), right <= most, all > 0 else {
            return nil
        }
        return
            "the accuracy of \(NumberText.percent(Double(right) / Double(all))) on \(rows) is not above that of always "
            + "predicting \"\(classes[index])\", which \(NumberText.counted(most, "row")) of "
            + "\(NumberText.grouped(all)) have"
    }

    /// A score's name as people read it: R² for `r2`.
    package static func title(_ score: String) -> String { score == "r2" ? "R²" : score }

    /// A score as people read it: 96.7% of accuracy, 0.931204 of R².
    package static func score(_ value: Double, named name: String?) -> String {
        name == "accuracy" ? NumberText.percent(value) : NumberText.measure(value)
    }

    /// Rows, loss and the measures of the task.
    package static func members(_ evaluation: Evaluation) -> [String: JSONValue] {
        var members = evaluation.scoresJSON.object ?? [:]
        if let share = evaluation.majorityShare { members["majority_share"] = .double(share) }
        members["rows"] = JSONValue(evaluation.rows)
        members["loss"] = .float(evaluation.loss)
        return members
    }

    /// The JSON object of `evaluate`, on a split of the stored rows or on the rows of the file `data`.
    package static func members(
        _ evaluation: Evaluation, of reference: String, split: StoredSplit, data: String?
    ) -> [String: JSONValue] {
        var members = members(evaluation)
        members["reference"] = .string(reference)
        members["split"] = data == nil ? .string(split.rawValue) : .null
        members["data"] = JSONValue(data)
        return members
    }

    /// Prints all measures, with the confusion matrix: a row for each true class, a column for each predicted one.
    package static func write(_ evaluation: Evaluation, of reference: String, split: String, to output: Output) throws {
        var fields = Fields()
        fields.add("model", reference)
        fields.add("rows", "\(evaluation.rows) (\(split))")
        switch evaluation.scores {
        case .classification(let accuracy, let confusion, let classes):
            fields.add("loss", NumberText.measure(Double(evaluation.loss)))
            fields.add("accuracy", NumberText.percent(accuracy) + majority(evaluation))
            try fields.write(to: output)
            try writeMatrix(confusion, classes, to: output)
        case .regression(let r2, let absolute, let squared):
            fields.add("loss", NumberText.measure(Double(evaluation.loss)) + " (of the standardised target)")
            fields.add("R²", NumberText.measure(ifDefined: r2))
            fields.add("mean absolute error", NumberText.measure(absolute))
            fields.add("root mean squared error", NumberText.measure(squared))
            try fields.write(to: output)
        }
    }

    private static func writeMatrix(_ confusion: [[Int]], _ classes: [String], to output: Output) throws {
        try output.line()
        let columns = [TableColumn.words("true \\ predicted")] + classes.map { TableColumn.count($0) }
        let table = TableWriter(columns, format: .text, output: output)
        for (name, counts) in zip(classes, confusion) { try table.add([.string(name)] + counts.map { JSONValue($0) }) }
        try table.finish(empty: "")
    }
}
