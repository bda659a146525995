import ArgumentParser
import BPRegistry
import BPTraining

/// Settings that a command offers as options, in the order of its help.
protocol SettingGroup {
    static var settings: [TrainingSetting] { get }
}

/// Options that the entries of the catalogue make when the program runs.
///
/// ArgumentParser reflects on a type to find its options, and decodes them by coding keys named like the properties. This
/// type reflects as if it had a property for each setting, and decodes accordingly. `SettingCatalogueTests` would notice if
/// a later ArgumentParser worked otherwise.
struct SettingOptions<Group: SettingGroup>: ParsableArguments, CustomReflectable {
    /// Typed values by the names of the settings.
    private var typed: [String: [SettingValue]] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: SettingKey.self)
        for setting in Group.settings { typed[setting.name] = try SettingOption(setting).values(in: values) }
    }

    var customMirror: Mirror {
        let properties = Group.settings.map { setting in
            (label: SettingKey(setting).stringValue, value: SettingOption(setting).declaration)
        }
        return Mirror(self, children: properties, displayStyle: .struct)
    }

    /// Puts the typed values into `choices`.
    func apply(to choices: inout TrainingChoices) throws {
        for setting in Group.settings {
            guard let values = typed[setting.name], !values.isEmpty else { continue }
            if let names = NameChoice(setting) { try values.forEach { try names.check($0.text) } }
            setting.choose(values, in: &choices)
        }
    }

    /// Refuses numbers below the least that a setting may be, before a registry is opened.
    func check() throws {
        for setting in Group.settings {
            guard let least = setting.least, let option = setting.option else { continue }
            switch typed[setting.name]?.first {
            case .integer(let value): _ = try Check.atLeast(least, Int(value), option: option)
            case .number(let value): _ = try Check.notNegative(value, option: option)
            default: continue
            }
        }
    }
}

/// A setting as a coding key.
private struct SettingKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ setting: TrainingSetting) { stringValue = setting.name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// How the option of a setting is declared, and how its value is read.
private struct SettingOption {
    let setting: TrainingSetting

    init(_ setting: TrainingSetting) { self.setting = setting }

    /// The property wrapper that declares it. A number may be negative, so that it can be refused with its value.
    var declaration: Any {
        switch setting.kind {
        case .number: option(DecimalNumber.self, .unconditional)
        case .count: option(Int.self, .unconditional)
        case .bytes: option(ByteCount.self, .unconditional)
        case .units: option(UnitList.self, .unconditional)
        case .batch: option(BatchChoice.self, .unconditional)
        case .flag: option(Switch.self, .next)
        case .text, .names: option(String.self, .next)
        case .list:
            Option<[String]>(wrappedValue: [], name: name, parsing: .unconditionalSingleValue, help: help)
        }
    }

    /// The typed values; empty if the option was not typed.
    func values(in container: KeyedDecodingContainer<SettingKey>) throws -> [SettingValue] {
        func read<Value>(_ type: Value.Type) throws -> Value {
            try container.decode(Option<Value>.self, forKey: SettingKey(setting)).wrappedValue
        }
        let value: SettingValue? =
            switch setting.kind {
            case .number: try read(DecimalNumber?.self).map { .number($0.value) }
            case .count: try read(Int?.self).map { .integer(Int64($0)) }
            case .bytes: try read(ByteCount?.self).map { .integer(Int64($0.bytes)) }
            case .units: try read(UnitList?.self).map { .text($0.units.map(String.init).joined(separator: ",")) }
            case .batch: try read(BatchChoice?.self).map(\.value)
            case .flag: try read(Switch?.self).map { .bool($0 == .on) }
            case .text, .names: try read(String?.self).map { .text($0) }
            case .list: nil
            }
        if case .list = setting.kind {
            // A name that is given twice counts once.
            var names: [String] = []
            for name in try read([String].self) where !names.contains(name) { names.append(name) }
            return names.map { .text($0) }
        }
        return value.map { [$0] } ?? []
    }

    private var name: NameSpecification { .customLong(String((setting.option ?? "").dropFirst(2))) }

    private var help: ArgumentHelp { ArgumentHelp("\(setting.help)", valueName: setting.valueName) }

    private func option<Argument: ExpressibleByArgument>(
        _ type: Argument.Type, _ strategy: SingleValueParsingStrategy
    ) -> Option<Argument?> {
        Option(name: name, parsing: strategy, help: help)
    }
}
