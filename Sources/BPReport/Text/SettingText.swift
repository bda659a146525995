import BPJSON
import BPRegistry
import BPTraining

/// A setting's value for people and for programs.
enum SettingText {
    /// The value as a person would type it, or a dash.
    static func of(_ value: SettingValue?) -> String {
        switch value {
        case .number(let value): NumberText.plain(value)
        case .integer(let value): "\(value)"
        case .text(let value): value.isEmpty ? "none" : SafeText.line(value)
        case .bool(let value): value ? "on" : "off"
        case nil: "–"
        }
    }

    /// The value as JSON, or null.
    static func json(_ value: SettingValue?) -> JSONValue {
        value?.json ?? .null
    }
}
