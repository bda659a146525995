#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A text that is not JSON.
public struct JSONError: Error, CustomStringConvertible {
    /// What was wrong with it.
    public let description: String
}

extension JSONValue {
    /// Reads JSON text. Numbers without fraction or exponent that fit become `.integer`, others `.double`.
    /// - Throws: `JSONError` when the text is not JSON.
    public init(parsing text: String) throws(JSONError) {
        do {
            self = try JSONDecoder().decode(Decoded.self, from: Data(text.utf8)).value
        } catch {
            throw JSONError(description: "not valid JSON: \(text.prefix(80))")
        }
    }
}

/// The bridge to Foundation's parser.
private struct Decoded: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            var members: [String: JSONValue] = [:]
            for key in object.allKeys {
                members[key.stringValue] = try object.decode(Decoded.self, forKey: key).value
            }
            value = .object(members)
        } else if var array = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !array.isAtEnd { elements.append(try array.decode(Decoded.self).value) }
            value = .array(elements)
        } else {
            value = try Decoded.scalar(decoder.singleValueContainer())
        }
    }

    private static func scalar(_ single: any SingleValueDecodingContainer) throws -> JSONValue {
        if single.decodeNil() { return .null }
        if let value = try? single.decode(Bool.self) { return .bool(value) }
        if let value = try? single.decode(String.self) { return .string(value) }
        if let value = try? single.decode(Double.self) {
            // "1" and "1.0" are told apart by nothing that Foundation shows; a whole Double reads as an integer.
            if let whole = Int64(exactly: value), abs(value) < 9e15, value.sign == .plus || value != 0 {
                return .integer(whole)
            }
            return .double(value)
        }
        return .integer(try single.decode(Int64.self))
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
