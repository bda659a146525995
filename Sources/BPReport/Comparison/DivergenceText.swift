package import BPJSON
import BPRegistry
package import BPTraining

/// The first difference between two histories, as JSON and in words.
package struct DivergenceText: Details {
    private let divergence: Divergence
    /// The two references as they were typed.
    private let first: String, second: String
    /// Both datasets' hashes if they differ.
    private let datasets: [String]?

    package init(_ divergence: Divergence, of first: String, and second: String, datasets: [String]?) {
        (self.divergence, self.first, self.second, self.datasets) = (divergence, first, second, datasets)
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        let common = divergence.lines.map(\.iterations).min() ?? 0
        let answer: String =
            if let state = divergence.firstState {
                state.iteration == 0
                    ? "differ from the first weights on"
                    : "differ from the update of iteration \(NumberText.grouped(state.iteration)) on"
            } else if let loss = divergence.firstLoss {
                divergence.incomparable == nil
                    ? "differ from the batch of iteration \(NumberText.grouped(loss.iteration)) on; the weights before it are the same"
                    : "the losses differ from iteration \(NumberText.grouped(loss.iteration)) on"
            } else {
                (divergence.incomparable == nil ? "do not differ" : "the losses do not differ")
                    + " in the \(NumberText.counted(common, "iteration")) that both have"
            }
        fields.add("\(first) and \(second)", answer)
        for (name, line) in zip([first, second], divergence.lines) {
            fields.add(name, NumberText.counted(line.iterations, "iteration"))
        }
        fields.add(
            "first loss",
            divergence.firstLoss.map {
                "iteration \(NumberText.grouped($0.iteration)): \($0.first) (\(Bits.hex($0.first))) and "
                    + "\($0.second) (\(Bits.hex($0.second)))"
            })
        fields.add("weights", divergence.incomparable.map { "not compared: \($0)" })
        for (index, layer) in (divergence.firstState?.layers ?? []).enumerated() {
            fields.add(
                "layer \(index + 1)",
                layer.changed == 0
                    ? "the same"
                    : "\(NumberText.grouped(layer.changed)) of \(NumberText.grouped(layer.count)) parameters differ, "
                        + "‖Δ‖ \(NumberText.measure(layer.norm))")
        }
        if datasets != nil || !divergence.settings.isEmpty { fields.part("Settings that differ") }
        fields.add("dataset", datasets.map { $0.map { $0.prefix(12) }.joined(separator: ", ") })
        for setting in divergence.settings {
            fields.add(setting.name, "\(SettingText.of(setting.first)), \(SettingText.of(setting.second))")
        }
        return fields
    }

    package var members: [String: JSONValue] {
        [
            "lines": .array(
                divergence.lines.map {
                    [
                        "run": JSONValue($0.run), "segment": JSONValue($0.segment),
                        "iterations": JSONValue($0.iterations),
                    ]
                }),
            "parts": .bool(!divergence.isNone),
            "loss_iteration": JSONValue(divergence.firstLoss?.iteration),
            "losses": divergence.firstLoss.map { .array([.float($0.first), .float($0.second)]) } ?? .null,
            "weights_iteration": JSONValue(divergence.firstState?.iteration),
            "layers": divergence.firstState.map {
                .array(
                    $0.layers.enumerated().map { index, layer in
                        [
                            "layer": JSONValue(index + 1), "parameters": JSONValue(layer.count),
                            "changed": JSONValue(layer.changed), "norm": .double(layer.norm),
                        ]
                    })
            } ?? .null,
            "incomparable": JSONValue(divergence.incomparable),
            "settings": .array(
                (datasets.map { [["name": "dataset", "values": .array($0.map(JSONValue.string))]] } ?? [])
                    + divergence.settings.map {
                        [
                            "name": .string($0.name),
                            "values": .array([SettingText.json($0.first), SettingText.json($0.second)]),
                        ]
                    }),
        ]
    }
}
