import BPTraining

/// The target, the task, and columns to ignore.
enum DataSettings: SettingGroup { static let settings = SettingCatalogue.training.options(.data) }

/// The same, to look at a table only.
enum InspectedDataSettings: SettingGroup {
    static let settings = DataSettings.settings.map { setting in
        setting.name == "target" ? setting.explained("Column to predict (default: proposed by bpreg)") : setting
    }
}

/// The shares of the rows.
enum SplitSettings: SettingGroup { static let settings = SettingCatalogue.training.options(.split) }

/// The network's layers, the loss, the first weights.
enum NetworkSettings: SettingGroup { static let settings = SettingCatalogue.training.options(.network) }

/// The update rule with its numbers, and how the rows come to it.
enum RuleSettings: SettingGroup { static let settings = SettingCatalogue.training.options(.rule) }

/// How long a run goes, from which seed.
enum RunSettings: SettingGroup { static let settings = SettingCatalogue.training.options(.run) }

/// Which weights and keyframes are kept.
enum RecordSettings: SettingGroup { static let settings = SettingCatalogue.training.options(.record) }

/// Settings that a file of another program leaves out.
enum ImportedNetworkSettings: SettingGroup {
    static let settings = [
        SettingCatalogue.training["activation"]?.explained(
            "Activation function of the hidden layers: sigmoid, tanh, relu, identity (default: from an export of bpreg, otherwise required)"
        ),
        SettingCatalogue.training["output activation"]?.explained(
            "Activation function of the output (default: softmax for classes, sigmoid for a single output of two classes, identity for numbers)"
        ),
        SettingCatalogue.training["loss"],
    ].compactMap { $0 }
}

/// The seed of weights that are imported.
enum ImportedSeed: SettingGroup {
    static let settings = [
        SettingCatalogue.training["seed"]?.explained(
            "Seed of the split and of later shuffles (default: \(TrainingDefaults.seed))")
    ].compactMap { $0 }
}

/// The seed of a check of the gradient.
enum GradcheckSeed: SettingGroup {
    static let settings = [
        SettingCatalogue.training["seed"]?.explained(
            "Seed of the first weights and the split (default: \(TrainingDefaults.seed))")
    ].compactMap { $0 }
}
