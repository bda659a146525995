package import BPRegistry

/// A description of one setting of a training, from its option to its row in a registry.
///
/// `SettingCatalogue.training` lists them. The effect of a setting is code elsewhere; its name, type, checks, spelling in
/// specs, inheritance and explanation are read from here.
package struct TrainingSetting: Sendable {
    /// The group of options that it is shown with in a command's help.
    package enum Group: Sendable { case data, split, network, rule, run, record }

    /// How it may change when a run is resumed or forked.
    package enum Change: Sendable {
        /// Neither at a resume nor at a fork: the weights are made for it.
        case never
        /// At a fork from the end of an epoch.
        case atEpochEnd
        /// At any fork.
        case atFork
        /// At any resume or fork: no number of the run depends on it.
        case freely
    }

    /// Another setting that decides whether this one exists: the rule or the schedule that the number belongs to.
    package struct Owner: Sendable {
        /// The other setting's name.
        package let setting: String
        /// The choice that a spec has made.
        let choice: @Sendable (TrainingSpec) -> String
        /// The choices that have the setting; nil if all have.
        var choices: [String]?
        /// The choices that need it, and for which no value suits most data.
        var needing: [String] = []
        /// Whether a fork that changes the choice keeps the value.
        var staysBetween: @Sendable (_ old: String, _ new: String) -> Bool = { $0 == $1 }

        /// Whether a spec's choice has the setting.
        func applies(to spec: TrainingSpec) -> Bool { choices?.contains(choice(spec)) ?? true }
    }

    /// Its name in messages: `learning rate`.
    package let name: String
    /// Its letter in docs/theory.md: μ.
    package let symbol: String?
    package let group: Group
    /// The option: `--learning-rate`. nil if it is never typed.
    package let option: String?
    /// A placeholder for the value in help.
    package let valueName: String
    /// One sentence.
    package let help: String
    /// A value that the option takes whatever the data, and remarks on it, for errors.
    package let example: String?
    /// The kind of its value.
    package let kind: SettingKind
    /// Names that a later release will take.
    package let later: [String]
    /// The path of its key in a spec's JSON: `["optimizer", "learning_rate"]`. Empty if it is part of the network or the
    /// columns there.
    package let key: [String]
    /// The name of its row in a registry's settings.
    package let row: String?
    /// The setting that it belongs to; nil if every training has it.
    package let owner: Owner?
    package let change: Change
    /// The least number that it may be, if every number below is refused.
    package let least: Int?
    /// A description of the values that are allowed; nil if that depends on other settings.
    package var allowed: String? { check?.allowed }
    /// Its name beside the value in the text of the rule: `beta1 0.9`. nil if that text leaves it out.
    let label: String?
    /// The word for a missing value in messages.
    let absent: String
    /// Refuses values that no training can have.
    let check: SettingCheck?
    /// The value if none is chosen; nil if the data decide it, or if there is none.
    let fallback: @Sendable (TrainingSpec) -> SettingValue?
    /// Whether the value of a spec is that of a spec without the key.
    let isOmitted: @Sendable (TrainingSpec) -> Bool
    let access: SettingAccess

    /// - Parameter option: the option without its dashes; the name with hyphens if nil, "" if it is never typed.
    init(
        _ name: String, symbol: String? = nil, _ group: Group, _ access: SettingAccess, option: String? = nil,
        value valueName: String = "x", help: String = "", example: String? = nil, names: [String]? = nil,
        kind: SettingKind? = nil,
        later: [String] = [], key: String = "", row: String? = nil, of owner: Owner? = nil, change: Change,
        least: Int? = nil, label: String? = nil, absent: String = "none", check: SettingCheck? = nil,
        default fallback: @escaping @Sendable (TrainingSpec) -> SettingValue? = { _ in nil },
        omitted isOmitted: @escaping @Sendable (TrainingSpec) -> Bool = { _ in false }
    ) {
        (self.name, self.symbol, self.group, self.access) = (name, symbol, group, access)
        let long = option ?? String(name.map { $0 == " " ? "-" : $0 })
        self.option = long.isEmpty ? nil : "--" + long
        (self.valueName, self.help, self.example, self.later) = (valueName, help, example, later)
        self.kind = names.map { .names($0) } ?? kind ?? access.kind
        self.key = key.split(separator: ".").map(String.init)
        (self.row, self.owner, self.change, self.least) = (row, owner, change, least)
        (self.label, self.absent, self.check) = (label, absent, check)
        (self.fallback, self.isOmitted) = (fallback, isOmitted)
    }

    /// The setting as another command explains it.
    package func explained(_ help: String) -> TrainingSetting { TrainingSetting(self, help: help) }

    private init(_ other: TrainingSetting, help: String) {
        (name, symbol, group, access, option) = (other.name, other.symbol, other.group, other.access, other.option)
        (valueName, self.help, example, later) = (other.valueName, help, other.example, other.later)
        (kind, key, row, owner, change) = (other.kind, other.key, other.row, other.owner, other.change)
        (least, label, absent, check) = (other.least, other.label, other.absent, other.check)
        (fallback, isOmitted) = (other.fallback, other.isOmitted)
    }
}

extension TrainingSetting {
    /// The chosen value, if any.
    package func asked(_ choices: TrainingChoices) -> SettingValue? { access.asked(choices) }

    /// Puts typed values into `choices`: one, or several of an option that may be repeated.
    package func choose(_ values: [SettingValue], in choices: inout TrainingChoices) {
        access.choose(values, &choices)
    }

    /// The value in a spec; nil if the spec has no such setting.
    package func value(in spec: TrainingSpec) -> SettingValue? { access.read(spec) }

    /// The value in a spec's JSON and a run's rows; nil if they leave it out.
    package func recorded(in spec: TrainingSpec) -> SettingValue? { isOmitted(spec) ? nil : access.read(spec) }
}

/// The choices of a person for a training, and for an attempt at it.
package struct TrainingChoices: Sendable, Equatable {
    package var options = TrainingOptions()
    package var attempt = AttemptOptions()

    package init(options: TrainingOptions = TrainingOptions(), attempt: AttemptOptions = AttemptOptions()) {
        (self.options, self.attempt) = (options, attempt)
    }
}

/// Which values of a setting no training can have.
struct SettingCheck: Sendable {
    /// A description of the allowed values.
    let allowed: String
    /// The refused part of a value, as text; nil if the value is allowed.
    let fault: @Sendable (SettingValue) -> String?

    /// - Parameter fault: the refused part of a value, as text; nil if the value is allowed.
    init(_ allowed: String, fault: @escaping @Sendable (SettingValue) -> String?) {
        (self.allowed, self.fault) = (allowed, fault)
    }

    /// Whole numbers within bounds.
    static func within(_ bounds: ClosedRange<Int>, _ allowed: String) -> SettingCheck {
        SettingCheck(allowed) { value in
            guard case .integer(let number) = value, !bounds.contains(Int(number)) else { return nil }
            return "\(number)"
        }
    }

    /// Numbers of a kind.
    static func number(_ allowed: String, _ holds: @escaping @Sendable (Double) -> Bool) -> SettingCheck {
        SettingCheck(allowed) { value in
            guard case .number(let number) = value, !holds(number) else { return nil }
            return "\(number)"
        }
    }
}
