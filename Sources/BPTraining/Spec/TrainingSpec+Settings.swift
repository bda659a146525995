import BPCore
import BPRegistry

extension TrainingSpec {
    /// The spec flat and typed, for lists and queries.
    var settings: [Setting] { settings() }

    /// The spec flat and typed, with the settings of a catalogue.
    func settings(_ catalogue: SettingCatalogue = .training) -> [Setting] {
        let derived = [
            Setting("inputs", .integer(Int64(network.inputs))), Setting("outputs", .integer(Int64(network.outputs))),
            Setting("parameters", .integer(Int64(network.parameterCount))),
            Setting("numerics", .integer(Int64(numerics))),
        ]
        return derived
            + catalogue.settings.compactMap { setting in
                guard let row = setting.row, let value = setting.recorded(in: self) else { return nil }
                return Setting(row, value)
            }
    }

    /// The choices of `options` that differ from this spec.
    func changes(
        _ options: TrainingOptions, trainingRows: Int, _ catalogue: SettingCatalogue = .training
    ) -> [SettingChange] {
        let choices = TrainingChoices(options: options)
        return catalogue.settings.compactMap { setting in
            guard setting.change != .freely, var asked = setting.asked(choices) else { return nil }
            if setting.kind == .batch, asked == .text("all") { asked = .integer(Int64(trainingRows)) }
            let recorded = setting.value(in: self)?.text ?? setting.absent
            return asked.text == recorded
                ? nil : SettingChange(name: setting.name, recorded: recorded, asked: asked.text)
        }
    }

    /// `adamw, learning rate 0.005, beta1 0.9, beta2 0.999, epsilon 1e-08, weight decay 0.01`
    package func ruleText(_ catalogue: SettingCatalogue = .training) -> String {
        catalogue.settings.compactMap { setting in
            guard let label = setting.label, let value = setting.recorded(in: self) else { return nil }
            return label.isEmpty ? value.text : "\(label) \(value.text)"
        }.joined(separator: ", ")
    }
}
