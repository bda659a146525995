import BPCore
import BPData
import BPRegistry

extension TrainingSpec {
    /// A spec of `options` and defaults, before the data are known.
    /// - Throws: as `take`.
    init(_ options: TrainingOptions, _ catalogue: SettingCatalogue = .training) throws {
        self = try .blank()
        try take(options, catalogue)
    }

    /// Takes over the choices of `options`, and defaults for the rest. Columns, network and everything that the data decide
    /// stay as they are.
    /// - Throws: `setting` with the refused value, `missingSetting`, and errors of BPCore and BPData.
    mutating func take(_ options: TrainingOptions, _ catalogue: SettingCatalogue = .training) throws {
        let choices = TrainingChoices(options: options)
        try catalogue.check(choices)
        fractions = try SplitFractions(
            validation: options.validation ?? TrainingDefaults.validation, test: options.test ?? TrainingDefaults.test)
        if let seed = options.splitSeed, !fractions.holdOutRows {
            throw TrainingError.setting(
                name: "split seed", value: "\(seed)",
                allowed: "left out, since no rows are held out for validation or test")
        }
        ownSplitSeed = nil
        for setting in catalogue.settings where setting.isOfRule { try take(setting, choices) }
        try rule.validate()
        for setting in catalogue.settings where !setting.isOfRule { try take(setting, choices) }
        try schedule.validate(learningRate: optimizer.learningRate)
    }

    private mutating func take(_ setting: TrainingSetting, _ choices: TrainingChoices) throws(TrainingError) {
        guard let write = setting.access.write else { return }
        let asked = setting.asked(choices)
        if let owner = setting.owner {
            let choice = owner.choice(self)
            guard owner.applies(to: self) else {
                guard let asked else { return }
                throw .setting(name: setting.name, value: asked.text, allowed: "left out, since \(choice) has none")
            }
            if asked == nil, owner.needing.contains(choice) {
                throw .missingSetting(name: setting.name, of: owner.setting, value: choice)
            }
        }
        // A batch of all rows is left for later: its size depends on the data.
        if let value = asked ?? setting.fallback(self) { _ = write(value, &self) }
    }
}

extension TrainingSetting {
    /// Whether it is the update rule or a number of it.
    fileprivate var isOfRule: Bool { name == "optimizer" || owner?.setting == "optimizer" }
}

extension SettingCatalogue {
    /// Refuses values that no training can have.
    func check(_ choices: TrainingChoices) throws(TrainingError) {
        for setting in settings {
            guard let check = setting.check, let value = setting.asked(choices), let fault = check.fault(value) else {
                continue
            }
            throw .setting(name: setting.name, value: fault, allowed: check.allowed)
        }
    }
}

extension TrainingOptions {
    /// These choices, completed from `spec`. Numbers of a rule or a schedule are inherited only if that stays the same.
    func inheriting(_ spec: TrainingSpec, _ catalogue: SettingCatalogue = .training) -> TrainingOptions {
        var merged = TrainingChoices(options: self)
        for setting in catalogue.settings where [.atFork, .atEpochEnd].contains(setting.change) {
            guard setting.asked(merged) == nil, let value = setting.value(in: spec) else { continue }
            // Without rows that are held out there is no split to keep.
            if setting.name == "split seed", !merged.options.holdsOutRows { continue }
            if let owner = setting.owner {
                let old = owner.choice(spec)
                let new = catalogue[owner.setting]?.asked(merged)?.text ?? old
                guard owner.staysBetween(old, new) else { continue }
            }
            setting.choose([value], in: &merged)
        }
        return merged.options
    }
}

extension AttemptOptions {
    /// Refuses numbers that cannot be, naming the setting and the value.
    func validate() throws(TrainingError) { try SettingCatalogue.training.check(TrainingChoices(attempt: self)) }
}

extension TrainingOptions {
    /// Whether any rows are asked for to validate or to test with.
    fileprivate var holdsOutRows: Bool { (validation ?? 1) > 0 || (test ?? 1) > 0 }
}

extension SplitFractions {
    /// Whether any rows are held out for validation or the test.
    fileprivate var holdOutRows: Bool { validation > 0 || test > 0 }
}
