/// One value of a run's settings: the spec, flat and typed, for lists and queries.
public enum SettingValue: Sendable, Equatable {
    case number(Double)
    case integer(Int64)
    case text(String)
    case bool(Bool)
}

/// One setting of a run.
public struct Setting: Sendable, Equatable {
    /// Its name, such as `learning_rate`.
    public let name: String
    /// Its value.
    public let value: SettingValue

    /// A setting of this name and value.
    public init(_ name: String, _ value: SettingValue) { (self.name, self.value) = (name, value) }
}

/// The type of a setting's value as it is stored.
package enum SettingKind: String, Sendable {
    case number, integer, text, bool
}
