import BPTraining

// Errors of a setting, named by its option.
extension Failure {
    static func parts(
        ofSetting name: String, _ value: String, _ allowed: String
    ) -> (ExitStatus, place: String, next: String) {
        let option = Failure.option(named: name)
        let next = allowed.hasPrefix("left out") ? "leave out \(option)" : Failure.example(of: option)
        return (.usage, "\(option) \(ShellText.quoted(value))", next)
    }

    /// A value that the option takes whatever the data.
    static func example(of option: String) -> String {
        let setting = SettingCatalogue.training.settings.first { $0.option == option }
        if let example = setting?.example { return "\(option) \(example)" }
        return switch option {
        case "--bound", "--step": "\(option) 1e-4"
        case "--parameters": "--parameters 200"
        case "--rows": "--rows 16"
        case "--scaling": "--scaling none   # numbers as they are; standard: to mean 0 and deviation 1"
        default: "leave out \(option), or give another value"
        }
    }

    /// `learning rate`, `learning_rate` → `--learning-rate`.
    static func option(named setting: String) -> String {
        SettingCatalogue.training[setting]?.option
            ?? "--" + String(setting.map { $0 == " " || $0 == "_" ? "-" : $0 })
    }
}
