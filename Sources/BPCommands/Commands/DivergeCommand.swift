import ArgumentParser
import BPJSON
import BPRegistry
import BPTraining

/// `bpreg diverge A B`
struct DivergeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "diverge", abstract: "Finds the first iteration at which two runs part, and in which layer.",
        discussion: """
            Losses are compared as they are recorded; then both runs are recomputed, up to the first update after which \
            their weights differ. The loss of an iteration is that of the weights before its update.
            """)

    @Argument(help: "A run, a segment's line such as 7.1, or a version, which stands for the run it came from.")
    var first: String

    @Argument(help: "The other one.")
    var second: String

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        let lines = try [first, second].map { try RunLine($0, in: registry) }
        let divergence = try Divergence(
            (lines[0].run, lines[0].segment), (lines[1].run, lines[1].segment), in: registry)
        let both = try lines.map { try registry.run($0.run).dataset.hex }
        let datasets = both[0] == both[1] ? nil : both
        if options.json {
            try output.object(DivergeCommand.members(divergence, datasets))
            return .done
        }
        try fields(divergence, datasets).write(to: output)
        try output.finish()
        return .done
    }

    private func fields(_ divergence: Divergence, _ datasets: [String]?) -> Fields {
        var fields = Fields()
        let common = divergence.lines.map(\.iterations).min() ?? 0
        let answer: String =
            if let state = divergence.firstState {
                state.iteration == 0
                    ? "from the first weights on"
                    : "with the update of iteration \(NumberText.grouped(state.iteration))"
            } else if let loss = divergence.firstLoss {
                "with the batch of iteration \(NumberText.grouped(loss.iteration)), whose weights are the same before it"
            } else {
                "nowhere in the \(NumberText.counted(common, "iteration")) that both have"
            }
        fields.add("\(first) and \(second)", "part " + answer)
        for (name, line) in zip([first, second], divergence.lines) {
            fields.add(name, NumberText.counted(line.iterations, "iteration"))
        }
        fields.add(
            "first loss",
            divergence.firstLoss.map {
                "iteration \(NumberText.grouped($0.iteration)): \($0.first) (\(Bits.hex($0.first))) and "
                    + "\($0.second) (\(Bits.hex($0.second)))"
            })
        fields.add("weights", divergence.incomparable)
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

    static func members(_ divergence: Divergence, _ datasets: [String]?) -> [String: JSONValue] {
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
