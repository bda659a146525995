import BPJSON
import BPTraining

// The predictions of compared models.
extension CompareText {
    /// Prints how well the models do, and each pair.
    func write(_ behaviour: Behaviour) throws {
        let place = data.map { $0 == "-" ? "standard input" : $0 } ?? CompareText.name(ofSplit: behaviour.split)
        try heading("Predictions on \(place), \(NumberText.counted(behaviour.rows, "row"))")
        try scoreTable(behaviour).write(to: output)
        let measured = behaviour.scores.lazy.compactMap { $0 }.first
        if measured != nil, behaviour.split != "unseen",
            zip(behaviour.scores, behaviour.trainedOn).allSatisfy({ $0 == nil || $1 == 0 })
        {
            try sentence("no model was trained on these rows")
        }
        if measured == nil { try sentence("none of the models can be measured on these rows") }
        if let measured, let majority = measured.majority, let share = measured.majorityShare {
            try sentence(
                "always predicting \(majority.name) is right on \(NumberText.counted(majority.count, "row")) "
                    + "(\(NumberText.percent(share)))")
        }
        for note in behaviour.notes { try sentence(note) }
        let pairs = behaviour.pairs.indices.compactMap { index in
            behaviour.pairs[index].map { (index: index + 1, pair: $0) }
        }
        if pairs.count > 1, !isWhole { try writeTable(pairs, behaviour.rows) }
        for (index, pair) in pairs where pairs.count == 1 || listsRows { try write(pair, of: index, behaviour.rows) }
    }

    /// How well each model does on the same rows.
    private func scoreTable(_ behaviour: Behaviour) -> ComparedTable {
        let indices = behaviour.scores.indices.filter { behaviour.scores[$0] != nil }
        let scores = indices.compactMap { behaviour.scores[$0] }
        let models = indices.map { comparison.models[$0] }
        // Who was trained on the rows does better there, which is no merit.
        let seen = Set(indices.map { behaviour.trainedOn[$0] })
        let isFair = seen.count == 1 && seen.first != .some(nil)
        func line(
            _ name: String, isLoss: Bool = false, isLowest: Bool, as text: (Double) -> String = NumberText.measure,
            _ value: (Evaluation) -> Double?
        ) -> ComparedLine {
            let values = scores.map(value)
            let isRanked = isFair && (!isLoss || Ranking.sharesLoss(models))
            return ComparedLine(
                name: name, cells: values.map { $0.map(text) ?? "-" }, isNumber: true, isMeasure: true,
                best: isRanked ? Ranking.best(values, isLowest: isLowest) : [])
        }
        func regression(_ value: @escaping (Double?, Double, Double) -> Double?) -> (Evaluation) -> Double? {
            { score in
                if case .regression(let r2, let absolute, let squared) = score.scores {
                    return value(r2, absolute, squared)
                }
                return nil
            }
        }
        let measures: [ComparedLine] =
            comparison.models[0].spec.task == .regression
            ? [
                line("R²", isLowest: false, regression { r2, _, _ in r2 }),
                line("mean abs. error", isLowest: true, regression { _, absolute, _ in absolute }),
                line("root mean sq. error", isLowest: true, regression { _, _, squared in squared }),
            ]
            : [
                line("accuracy", isLowest: false, as: NumberText.percent) { score in
                    if case .classification(let accuracy, _, _) = score.scores { return accuracy }
                    return nil
                },
                ComparedLine(name: "right", cells: scores.map(CompareText.right), isNumber: true, isMeasure: true),
            ]
        let trainedOn = ComparedLine(
            name: "trained on",
            cells: indices.map { index in
                behaviour.trainedOn[index].map { $0 == 0 ? "none of them" : "\(NumberText.grouped($0)) of them" }
                    ?? "not known"
            })
        let loss = line("loss", isLoss: true, isLowest: true) { Double($0.loss) }
        return ComparedTable(
            names: indices.map { names[$0] }, lines: [loss] + measures + (seen == [0] ? [] : [trainedOn]),
            hasRowForEach: true)
    }

    /// How many rows are classified right.
    private static func right(_ score: Evaluation) -> String {
        guard case .classification(_, let confusion, _) = score.scores else { return "-" }
        return NumberText.grouped(confusion.indices.reduce(0) { $0 + confusion[$1][$1] })
    }

    // MARK: - Pairs

    /// Prints what each pair's test says, a line for each.
    private func writeTable(_ pairs: [(index: Int, pair: PairBehaviour)], _ rows: Int) throws {
        try heading("Against \(names[0])")
        let hasClasses = comparison.models[0].spec.task == .classification
        var lines: [ComparedLine] = []
        func add(_ name: String, isNumber: Bool = true, _ text: (PairBehaviour) -> String) {
            lines.append(ComparedLine(name: name, cells: pairs.map { text($0.pair) }, isNumber: isNumber))
        }
        add("disagree") {
            "\(NumberText.grouped($0.disagreements)) (\(NumberText.percent($0.disagreementShare)))"
        }
        if hasClasses {
            add("only \(names[0]) right") { CompareText.onlyRight($0.test)?.base ?? "-" }
            add("only it right") { CompareText.onlyRight($0.test)?.other ?? "-" }
        } else {
            add("|error|") { CompareText.errorDifference($0.test) ?? "-" }
        }
        add("p") {
            String(NumberText.pValue(CompareText.probability($0.test)).drop { $0 == "p" || $0 == " " || $0 == "=" })
        }
        try ComparedTable(names: pairs.map { names[$0.index] }, lines: lines, hasRowForEach: true).write(to: output)
        let significant = pairs.filter { CompareText.probability($0.pair.test) < 0.05 }.map { names[$0.index] }
        let test = hasClasses ? "McNemar's test" : "paired t test"
        try sentence(
            significant.isEmpty
                ? "\(test): no significant difference"
                : "\(test): a significant difference (at 5%) of \(significant.joined(separator: ", "))")
    }

    private static func onlyRight(_ test: PairBehaviour.Test) -> (base: String, other: String)? {
        guard case .mcNemar(let test, _, _) = test else { return nil }
        return (NumberText.grouped(test.onlyFirstRight), NumberText.grouped(test.onlySecondRight))
    }

    /// `smaller by 0.012000 ± 0.004000`
    private static func errorDifference(_ test: PairBehaviour.Test) -> String? {
        guard case .pairedT(let test) = test else { return nil }
        if test.mean == 0 { return "the same" }
        return "\(test.mean < 0 ? "smaller" : "larger") by \(NumberText.measure(abs(test.mean))) ± "
            + defined(test.margin, NumberText.measure)
    }

    /// `p = 0.69: no significant difference`
    private static func verdict(_ test: PairBehaviour.Test) -> String {
        let p = probability(test)
        return NumberText.pValue(p) + ": " + verdict(p)
    }

    private static func probability(_ test: PairBehaviour.Test) -> Double {
        switch test {
        case .mcNemar(let test, _, _): test.pValue
        case .pairedT(let test): test.pValue
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
                CompareText.verdict(pair.test) + "; " + NumberText.pValue(test.midPValue, of: "mid-p"))
        case .pairedT(let test):
            fields.add(
                "|error|",
                test.mean == 0
                    ? "the same in the mean"
                    : "\(CompareText.errorDifference(pair.test) ?? "-") (95%) in the mean")
            fields.add(
                "paired t",
                "t(\(test.degreesOfFreedom)) = \(CompareText.defined(test.t, NumberText.measure)), "
                    + CompareText.verdict(pair.test))
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
        if p.isNaN { return "too few rows" }
        return p < 0.05 ? "a significant difference (at 5%)" : "no significant difference"
    }

    private static func name(ofSplit split: String?) -> String {
        switch split {
        case "unseen": "rows that no model was trained on"
        case "all": "all rows"
        case let split?: "the \(split) split"
        case nil: "the data given"
        }
    }
}
