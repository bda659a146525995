import BPJSON
import BPRegistry
package import BPTraining

/// A comparison in words and tables.
package struct CompareText {
    let comparison: Comparison
    let data: String?
    let output: Output
    let names: [String]

    package init(_ comparison: Comparison, data: String?, _ output: Output) {
        (self.comparison, self.data, self.output) = (comparison, data, output)
        names = comparison.models.map(\.reference)
    }

    package func write() throws {
        try writeModels()
        try writeSettings()
        for (index, weights) in comparison.weights.enumerated() { try write(weights, of: index + 1) }
        if let behaviour = comparison.behaviour { try write(behaviour) }
        if let reason = comparison.noBehaviour {
            try heading("Predictions")
            try sentence("not compared: \(reason)")
        }
        try output.finish()
    }

    // MARK: - The models and their settings

    private func writeModels() throws {
        let models = comparison.models
        func measures(
            _ name: String, _ text: (Double) -> String = NumberText.measure, _ value: (ComparedModel) -> Double?
        ) -> [String]? {
            let values = models.map { value($0).map(text) }
            return values.contains { $0 != nil } ? [name] + values.map { $0 ?? "–" } : nil
        }
        func test(
            _ key: String, _ name: String, _ text: (Double) -> String = NumberText.measure
        ) -> [String]? { measures(name, text) { $0.test?[key]?.number } }
        let scoreNames = Set(models.map(\.spec.scoreName))
        let score = scoreNames.count == 1 ? EvaluationText.title(scoreNames.first ?? "") : "score"
        let rows: [[String]?] = [
            ["state"] + models.map { "run \($0.loaded.run), epoch \($0.loaded.epoch)" },
            ["iteration"] + models.map { NumberText.grouped($0.loaded.iteration) },
            ["network"] + models.map { TrainingText.layers($0.loaded.model.network) },
            ["parameters"] + models.map { NumberText.grouped($0.loaded.model.parameters.count) },
            ["SHA-256"] + models.map { $0.loaded.weightsSHA256.short },
            measures("loss") { $0.epoch.map { Double($0.loss) } },
            measures("val loss") { $0.epoch?.validationLoss.map(Double.init) },
            measures("val " + score, score == "accuracy" ? NumberText.percent : NumberText.measure) {
                $0.epoch?.validationScore.flatMap { $0.isFinite ? Double($0) : nil }
            },
            test("loss", "own test loss"), test("accuracy", "own test accuracy", NumberText.percent),
            test("r2", "own test R²"),
            test("mean_absolute_error", "own test mean absolute error"),
        ]
        try sideBySide("model", rows.compactMap { $0 }.map { (mark: "", cells: $0) })
    }

    private func writeSettings() throws {
        let settings = comparison.settings
        let differing = settings.filter(\.differs)
        try heading(
            differing.isEmpty
                ? "Settings: all \(settings.count) are the same"
                : "Settings: \(differing.count) of \(settings.count) differ (≠)")
        let rows = (differing + settings.filter { !$0.differs }).map { setting in
            (
                mark: setting.differs ? "≠" : "",
                cells: [setting.name]
                    + setting.values.map { value in
                        let text = SettingText.of(value)
                        return setting.name == "dataset" ? String(text.prefix(12)) : text
                    }
            )
        }
        try sideBySide("setting", rows)
    }

    /// A column for each model. If a line has no room for all, the base and as many others as fit, and then the base and
    /// the next.
    private func sideBySide(_ title: String, _ rows: [(mark: String, cells: [String])]) throws {
        let label = rows.map { DisplayWidth.of($0.cells[0]) }.max() ?? 0
        let most = output.width.map { max(1, ($0 - label - 5) / 18 - 1) } ?? names.count
        let others = Array(1..<names.count)
        for first in stride(from: 0, to: others.count, by: most) {
            if first > 0 { try output.line() }
            let shown = [0] + others[first..<min(first + most, others.count)]
            let columns =
                (rows.contains { !$0.mark.isEmpty } ? [TableColumn.mark("mark", "")] : [])
                + [.mark("name", title)] + shown.map { .words("\($0)", names[$0]) }
            let table = TableWriter(columns, format: .text, output: output)
            // Rows without a difference are in the first table alone.
            for row in rows where first == 0 || !row.mark.isEmpty || columns[0].key == "name" {
                let marks: [JSONValue] = columns[0].key == "mark" ? [.string(row.mark)] : []
                try table.add(
                    marks + [.string(row.cells[0])] + shown.map { .string(row.cells[1 + $0]) })
            }
            try table.finish(empty: "")
        }
    }

    // MARK: - Weights

    private static let weightColumns: [TableColumn] = [
        .mark("part", "layer"), .measure("norm", "‖Δ‖₂"), .measure("relative", "‖Δ‖/‖A‖"),
        .measure("largest", "max |Δ|"),
        .measure("cosine"), .count("sign_flips", "flips"), .mark("changed"),
    ]

    private func write(_ weights: WeightsComparison, of index: Int) throws {
        try heading("Weights of \(names[index]) against \(names[0])")
        if weights.areIdentical { try sentence("the same weights, bit for bit") }
        if !weights.layers.isEmpty, !weights.areIdentical {
            let table = TableWriter(CompareText.weightColumns, format: .text, output: output)
            for layer in weights.layers {
                try table.add(row("\(layer.layer) W \(layer.outputs)×\(layer.inputs)", layer.weights))
                try table.add(row("\(layer.layer) b \(layer.outputs)", layer.biases))
            }
            if let all = weights.all { try table.add(row("all " + NumberText.grouped(all.count), all)) }
            try table.finish(empty: "")
        }
        for note in weights.notes { try sentence(note) }
    }

    private func row(_ part: String, _ found: ParameterDifference) -> [JSONValue] {
        [
            .string(part), .double(found.norm), JSONValue(found.relative), .double(found.largest),
            JSONValue(found.cosine), JSONValue(found.signFlips),
            .string(
                found.changed == 0
                    ? "none: bit for bit"
                    : found.changed == found.count ? "all" : NumberText.percent(found.changedShare)),
        ]
    }

    // MARK: - Lines

    func heading(_ text: String) throws {
        try output.line()
        let text = SafeText.line(text)
        try output.line(output.hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text)
    }

    /// A sentence within the line's width.
    func sentence(_ text: String) throws {
        for line in LineWrap.lines(SafeText.line(text), width: output.width ?? .max, indent: "  ") {
            try output.line(line)
        }
    }
}
