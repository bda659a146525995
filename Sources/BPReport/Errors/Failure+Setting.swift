import BPTraining

// Errors of a setting, named by its option.
extension Failure {
    static func parts(
        ofSetting name: String, _ value: String, _ allowed: String, typed: [String]
    ) -> (ExitStatus, place: String, next: String) {
        let option = Failure.option(named: name)
        return (
            .usage, "\(option) \(ShellText.quoted(value))",
            allowed.hasPrefix("left out") ? Failure.without(option, typed) : Failure.suitable(option, typed)
        )
    }

    /// The typed command without an option, or words.
    static func without(_ option: String, _ typed: [String]) -> String {
        Correction.removing(option).command(typed) ?? "leave out \(option)"
    }

    /// The typed command with a value of the option that every table takes, or words.
    static func suitable(_ option: String, _ typed: [String]) -> String {
        guard let value = Failure.example(of: option) else { return without(option, typed) }
        guard typed.contains(where: { $0 == option || $0.hasPrefix(option + "=") }) else {
            return "for example \(option) \(value)"
        }
        return Correction.setting([(option, value)]).command(typed) ?? "for example \(option) \(value)"
    }

    /// `--loss cross-entropy`
    static func words(_ choice: TrainingError.Choice) -> String {
        Failure.option(named: choice.name) + " " + ShellText.quoted(choice.value)
    }

    /// A value that the option takes whatever the data; nil if the default is the best that there is.
    static func example(of option: String) -> String? {
        let setting = SettingCatalogue.training.settings.first { $0.option == option }
        if let example = setting?.example { return example }
        return switch option {
        case "--bound", "--step": "1e-4"
        case "--parameters": "200"
        case "--rows": "16"
        case "--scaling": "none"
        default: nil
        }
    }

    /// `learning rate`, `learning_rate` → `--learning-rate`.
    static func option(named setting: String) -> String {
        SettingCatalogue.training[setting]?.option
            ?? "--" + String(setting.map { $0 == " " || $0 == "_" ? "-" : $0 })
    }
}
