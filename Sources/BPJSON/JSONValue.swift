/// A JSON document (RFC 8259) whose numbers keep their bits.
///
/// The text that `serialized` gives is canonical: object keys sorted by their UTF-8 bytes, no white
/// space, one spelling for every value. Hashes are taken over it, so it never changes.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Written as the shortest decimal that reads back as the same Double.
    case double(Double)
    /// Written as the shortest decimal that reads back as the same float32.
    case float(Float)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A Double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; of a key given twice the last value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }

    /// An integer of Swift's own size.
    public init(_ value: Int) { self = .integer(Int64(value)) }
    /// `null` for nil.
    public init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    /// `null` for nil.
    public init(_ value: Double?) { self = value.map { .double($0) } ?? .null }
    /// `null` for nil.
    public init(_ value: Float?) { self = value.map { .float($0) } ?? .null }
    /// `null` for nil.
    public init(_ value: String?) { self = value.map { .string($0) } ?? .null }
}

extension JSONValue {
    /// The member `key` of an object; nil for anything else.
    public subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { return members[key] }
        return nil
    }

    /// The string, or nil.
    public var string: String? { if case .string(let value) = self { return value } else { return nil } }
    /// The truth value, or nil.
    public var bool: Bool? { if case .bool(let value) = self { return value } else { return nil } }
    /// The elements, or nil.
    public var array: [JSONValue]? { if case .array(let value) = self { return value } else { return nil } }
    /// The members, or nil.
    public var object: [String: JSONValue]? { if case .object(let value) = self { return value } else { return nil } }

    /// The whole number, or nil.
    public var int: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number as a Double; "NaN", "Infinity" and "-Infinity" are read back from their strings.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .float(let value): Double(value)
        case .string("NaN"): .nan
        case .string("Infinity"): .infinity
        case .string("-Infinity"): -.infinity
        default: nil
        }
    }
}
