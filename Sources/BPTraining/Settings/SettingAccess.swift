import BPCore
import BPData
package import BPRegistry

/// The kind of a setting's value, which decides how its option is read.
package enum SettingKind: Sendable, Equatable {
    case number, count, text, flag, bytes
    /// Column names, each by an option of its own.
    case list
    /// Units of layers: `32,16`.
    case units
    /// A number of rows, or `all`.
    case batch
    /// One of these names.
    case names([String])
}

/// Access to a setting in the choices of a person and in the spec of a run.
struct SettingAccess: Sendable {
    let kind: SettingKind
    let asked: @Sendable (TrainingChoices) -> SettingValue?
    let choose: @Sendable ([SettingValue], inout TrainingChoices) -> Void
    var read: @Sendable (TrainingSpec) -> SettingValue? = { _ in nil }
    /// Writes a value into a spec; false if it is of another kind. nil if the setting is part of a structure of
    /// the spec.
    var write: (@Sendable (SettingValue, inout TrainingSpec) -> Bool)?

    /// A setting that is a property of the spec.
    static func field<Choice: SettingRepresentable, Field: SettingRepresentable>(
        _ choice: any WritableKeyPath<TrainingChoices, Choice?> & Sendable,
        _ field: any WritableKeyPath<TrainingSpec, Field> & Sendable
    ) -> SettingAccess {
        var access = part(choice) { $0[keyPath: field].setting }
        access.write = { value, spec in
            guard let value = Field(setting: value) else { return false }
            spec[keyPath: field] = value
            return true
        }
        return access
    }

    /// A setting that becomes part of a structure of the spec (a column, a layer, the split), or of no spec.
    static func part<Choice: SettingRepresentable>(
        _ choice: any WritableKeyPath<TrainingChoices, Choice?> & Sendable,
        read: @escaping @Sendable (TrainingSpec) -> SettingValue? = { _ in nil }
    ) -> SettingAccess {
        SettingAccess(
            kind: Choice.kind, asked: { $0[keyPath: choice]?.setting },
            choose: { values, choices in
                if let value = values.first.flatMap(Choice.init(setting:)) { choices[keyPath: choice] = value }
            }, read: read)
    }

    /// Names of columns.
    static func list(
        _ choice: any WritableKeyPath<TrainingChoices, [String]> & Sendable,
        read: @escaping @Sendable (TrainingSpec) -> SettingValue?
    ) -> SettingAccess {
        SettingAccess(
            kind: .list,
            asked: { $0[keyPath: choice].isEmpty ? nil : .text($0[keyPath: choice].joined(separator: ",")) },
            choose: { values, choices in choices[keyPath: choice] = values.map(\.text) }, read: read)
    }

    /// A setting that is computed and never chosen.
    static func derived<Field: SettingRepresentable>(
        _ field: any WritableKeyPath<TrainingSpec, Field> & Sendable
    ) -> SettingAccess {
        SettingAccess(
            kind: Field.kind, asked: { _ in nil }, choose: { _, _ in }, read: { $0[keyPath: field].setting },
            write: { value, spec in
                guard let value = Field(setting: value) else { return false }
                spec[keyPath: field] = value
                return true
            })
    }
}

/// A type whose values a setting can have.
protocol SettingRepresentable: SendableMetatype {
    static var kind: SettingKind { get }
    var setting: SettingValue? { get }
    init?(setting: SettingValue)
}

extension Double: SettingRepresentable {
    static var kind: SettingKind { .number }
    var setting: SettingValue? { .number(self) }
    init?(setting: SettingValue) { if case .number(let value) = setting { self = value } else { return nil } }
}

extension Int: SettingRepresentable {
    static var kind: SettingKind { .count }
    var setting: SettingValue? { .integer(Int64(self)) }
    init?(setting: SettingValue) {
        if case .integer(let value) = setting { self = Int(value) } else { return nil }
    }
}

extension Bool: SettingRepresentable {
    static var kind: SettingKind { .flag }
    var setting: SettingValue? { .bool(self) }
    init?(setting: SettingValue) { if case .bool(let value) = setting { self = value } else { return nil } }
}

extension String: SettingRepresentable {
    static var kind: SettingKind { .text }
    var setting: SettingValue? { .text(self) }
    init?(setting: SettingValue) { if case .text(let value) = setting { self = value } else { return nil } }
}

extension Optional: SettingRepresentable where Wrapped: SettingRepresentable {
    static var kind: SettingKind { Wrapped.kind }
    var setting: SettingValue? { flatMap(\.setting) }
    init?(setting: SettingValue) {
        guard let value = Wrapped(setting: setting) else { return nil }
        self = .some(value)
    }
}

extension SettingRepresentable where Self: RawRepresentable<String> & CaseIterable {
    static var kind: SettingKind { .names(allCases.map(\.rawValue)) }
    var setting: SettingValue? { .text(rawValue) }
    init?(setting: SettingValue) {
        guard case .text(let name) = setting else { return nil }
        self.init(rawValue: name)
    }
}

extension LearningTask: SettingRepresentable {}
extension Activation: SettingRepresentable {}
extension Loss: SettingRepresentable {}
extension Initializer: SettingRepresentable {}
extension Optimizer.Name: SettingRepresentable {}
extension Schedule.Name: SettingRepresentable {}
extension AttemptOptions.Keep: SettingRepresentable {}

extension [Int]: SettingRepresentable {
    static var kind: SettingKind { .units }
    var setting: SettingValue? { .text(map(String.init).joined(separator: ",")) }
    init?(setting: SettingValue) {
        guard case .text(let text) = setting else { return nil }
        self = text.split(separator: ",").compactMap { Int($0) }
    }
}

extension TrainingOptions.BatchSize: SettingRepresentable {
    static var kind: SettingKind { .batch }
    var setting: SettingValue? {
        switch self {
        case .rows(let rows): .integer(Int64(rows))
        case .all: .text("all")
        }
    }
    init?(setting: SettingValue) {
        switch setting {
        case .integer(let rows): self = .rows(Int(rows))
        case .text("all"): self = .all
        default: return nil
        }
    }
}

extension SettingValue {
    /// The value as messages write it.
    package var text: String {
        switch self {
        case .number(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .text(let value): value
        case .bool(let value): value ? "on" : "off"
        }
    }
}
