import BPJSON
import BPRegistry

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
        switch value {
        case .number(let value): .double(value)
        case .integer(let value): JSONValue(Int(value))
        case .text(let value): .string(value)
        case .bool(let value): .bool(value)
        case nil: .null
        }
    }
}
