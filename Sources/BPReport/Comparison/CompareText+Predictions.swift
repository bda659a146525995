import BPJSON
import BPTraining

// The predictions of compared models.
extension CompareText {
    /// Prints how well the models do, and each pair.
    func write(_ behaviour: Behaviour) throws {
        let place = data.map { $0 == "-" ? "standard input" : $0 } ?? CompareText.name(ofSplit: behaviour.split)
        try heading("Predictions on \(place), \(NumberText.counted(behaviour.rows, "row"))")
        let isRegression = comparison.models[0].spec.task == .regression
        let columns: [TableColumn] =
            [.words("model"), .measure("loss")]
            + (isRegression
                ? [.measure("r2", "R²"), .measure("mae", "mean abs. error"), .measure("rmse", "root mean sq. error")]
                : [.mark("accuracy"), .mark("right")])
            + [.mark("trained_on", "trained on")]
        let table = TableWriter(columns, format: .text, output: output)
        for (index, score) in behaviour.scores.enumerated() {
            guard let score else { continue }
            let seen = behaviour.trainedOn[index]
            let trainedOn = seen.map { $0 == 0 ? "none of them" : "\(NumberText.grouped($0)) of them" } ?? "not known"
            try table.add([.string(names[index]), .float(score.loss)] + cells(score) + [.string(trainedOn)])
        }
        try table.finish(empty: "none of the models can be measured on these rows")
        let measured = behaviour.scores.lazy.compactMap { $0 }.first
        if let measured, let majority = measured.majority, let share = measured.majorityShare {
            try sentence(
                "always predicting \(majority.name) is right on \(NumberText.counted(majority.count, "row")) "
                    + "(\(NumberText.percent(share)))")
        }
        for note in behaviour.notes { try sentence(note) }
        for (index, pair) in behaviour.pairs.enumerated() {
            if let pair { try write(pair, of: index + 1, behaviour.rows) }
        }
    }

    private func cells(_ score: Evaluation) -> [JSONValue] {
        switch score.scores {
        case .classification(let accuracy, let confusion, _):
            let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
            return [.string(NumberText.percent(accuracy)), .string("\(NumberText.grouped(right))")]
        case .regression(let r2, let absolute, let squared):
            return [JSONValue(r2), .double(absolute), .double(squared)]
        }
    }

    private func write(_ pair: PairBehaviour, of index: Int, _ rows: Int) throws {
        let (base, other) = (names[0], names[index])
        try heading("\(other) against \(base)")
        let share = NumberText.percent(pair.disagreementShare)
        var fields = Fields()
        fields.add(
            "disagree", "on \(NumberText.grouped(pair.disagreements)) of \(NumberText.grouped(rows)) rows (\(share))")
        switch pair.test {
        case .mcNemar(let test, let bothRight, let bothWrong):
            fields.add(
                "right",
                "\(bothRight) both, \(test.onlyFirstRight) only \(base), \(test.onlySecondRight) only \(other), "
                    + "\(bothWrong) neither"
            )
            fields.add(
                "McNemar",
                "p = \(NumberText.probability(test.pValue)): \(CompareText.verdict(test.pValue))"
                    + "; mid-p = \(NumberText.probability(test.midPValue))")
        case .pairedT(let test):
            fields.add(
                "|error|",
                test.mean == 0
                    ? "the same in the mean"
                    : "\(test.mean < 0 ? "smaller" : "larger") by \(NumberText.measure(abs(test.mean))) ± "
                        + "\(CompareText.defined(test.margin, NumberText.measure)) (95%) in the mean")
            fields.add(
                "paired t",
                "t(\(test.degreesOfFreedom)) = \(CompareText.defined(test.t, NumberText.measure)), "
                    + "p = \(CompareText.defined(test.pValue, NumberText.probability)): "
                    + CompareText.verdict(test.pValue))
        }
        try fields.write(to: output)
        guard !pair.rows.isEmpty else { return }
        try output.line()
        let hasClasses = comparison.models[0].spec.task == .classification
        func columns(_ name: String, _ key: String, _ value: PairBehaviour.Value?) -> [TableColumn] {
            guard hasClasses else { return [.measure(key, name)] }
            let isProbability = if case .label(_, _, true)? = value { true } else { false }
            return [.words(key, name), .measure(key + "_p", isProbability ? "p" : "output")]
        }
        let table = TableWriter(
            [.count("row"), hasClasses ? .words("truth", "true") : .measure("truth", "true")]
                + columns(base, "base", pair.rows.first?.first) + columns(other, "other", pair.rows.first?.second) + [
                    .measure("distance", "apart")
                ],
            format: .text, output: output)
        for row in pair.rows {
            try table.add(
                [JSONValue(row.row), CompareText.cells(row.truth)[0]] + CompareText.cells(row.first)
                    + CompareText.cells(row.second) + [.double(row.distance)])
        }
        try table.finish(empty: "")
    }

    private static func cells(_ value: PairBehaviour.Value) -> [JSONValue] {
        switch value {
        case .label(let name, let output, _): [.string(name), JSONValue(output)]
        case .number(let number): [.double(number)]
        }
    }

    /// A number that takes at least two rows, as text; `-` for NaN.
    private static func defined(_ value: Double, _ text: (Double) -> String) -> String {
        value.isNaN ? "-" : text(value)
    }

    /// A p-value in words that claim no more than it does.
    private static func verdict(_ p: Double) -> String {
        if p.isNaN { return "too few rows to tell" }
        return p < 0.05 ? "more than chance would often give" : "no more than chance may give"
    }

    private static func name(ofSplit split: String?) -> String {
        switch split {
        case "unseen": "rows that none was trained on"
        case "all": "all rows"
        case let split?: "the \(split) split"
        case nil: "the data given"
        }
    }
}
