import BPJSON
import BPRegistry
package import BPTraining

/// A comparison in words and tables.
package struct CompareText {
    let comparison: Comparison
    let data: String?
    let output: Output
    let names: [String]
    /// Whether everything is shown, or what differs.
    let isWhole: Bool
    /// Whether the rows are listed on which predictions are furthest apart.
    let listsRows: Bool

    /// - Parameters:
    ///   - data: the file whose rows the models are compared on.
    ///   - isWhole: whether what is the same in all models is shown too, and weights layer by layer.
    ///   - listsRows: whether the rows of largest disagreement are listed, even of several pairs.
    package init(
        _ comparison: Comparison, data: String?, isWhole: Bool = false, listsRows: Bool = false, _ output: Output
    ) {
        (self.comparison, self.data, self.output) = (comparison, data, output)
        names = comparison.models.map(\.reference)
        (self.isWhole, self.listsRows) = (isWhole, listsRows || isWhole || names.count == 2)
    }

    package func write() throws {
        try writeModels()
        try writeWeights()
        if let behaviour = comparison.behaviour { try write(behaviour) }
        if let reason = comparison.noBehaviour {
            try heading("Predictions")
            try sentence("not compared: \(reason)")
        }
        try output.finish()
    }

    // MARK: - Weights

    private static let weightColumns: [TableColumn] = [
        .measure("norm", "‖Δ‖₂"), .measure("relative", "‖Δ‖/‖A‖"), .measure("largest", "max |Δ|"),
        .measure("cosine"), .count("sign_flips", "flips"), .mark("changed"),
    ]

    private func writeWeights() throws {
        if isWhole {
            for (index, weights) in comparison.weights.enumerated() { try writeLayers(weights, of: index + 1) }
            return
        }
        try heading("Weights against \(names[0])")
        let others = Array(zip(names.dropFirst(), comparison.weights))
        let columns = [TableColumn.mark("model")] + CompareText.weightColumns
        let table = TableWriter(columns, format: .text, output: output)
        let compared = others.filter { $0.1.all != nil && !$0.1.areIdentical }
        for (name, weights) in compared { if let all = weights.all { try table.add(row(name, all)) } }
        if !compared.isEmpty { try table.finish(empty: "") }
        for (name, weights) in others where weights.areIdentical {
            try sentence("\(name): the same weights, bit for bit")
        }
        // Of many models the notes about each layer would bury what differs.
        let isShort = others.count <= 2
        let shapes = others.filter { $0.1.all == nil }.map(\.0)
        if !shapes.isEmpty, !isShort { try sentence("networks of another shape: " + shapes.joined(separator: ", ")) }
        if isShort {
            for note in others.flatMap({ $0.1.notes }) { try sentence(note) }
        } else if others.contains(where: { !$0.1.notes.isEmpty }) {
            try sentence("--all compares them layer by layer, with notes")
        }
    }

    private func writeLayers(_ weights: WeightsComparison, of index: Int) throws {
        try heading("Weights of \(names[index]) against \(names[0])")
        if weights.areIdentical { try sentence("the same weights, bit for bit") }
        if !weights.layers.isEmpty, !weights.areIdentical {
            let columns = [TableColumn.mark("part", "layer").own()] + CompareText.weightColumns
            let table = TableWriter(columns, format: .text, output: output)
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
        let text = output.shown(SafeText.line(text))
        try output.line(output.hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text)
    }

    /// A sentence within the line's width.
    func sentence(_ text: String) throws {
        for line in LineWrap.lines(output.shown(SafeText.line(text)), width: output.width ?? .max, indent: "  ") {
            try output.line(line)
        }
    }
}
