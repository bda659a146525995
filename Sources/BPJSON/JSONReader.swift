/// A text that is not JSON, with the place where it ceases to be.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong there.
    package let what: String
    /// The byte at which it is, from 0.
    package let offset: Int

    /// In one line.
    package var description: String { "not valid JSON: \(what) at byte \(offset)" }
}

extension JSONValue {
    /// The deepest nesting of arrays and objects that is read.
    package static let maximumDepth = 128

    /// Reads JSON text (RFC 8259), strictly: of an object no key may come twice, arrays and objects nest at most
    /// `maximumDepth` deep, a number that no Double reaches is an error, and so are more combining marks in a row than any
    /// text has (32 in a key, else 1,024).
    ///
    /// A whole number below 9·10¹⁵, and any without fraction and exponent that fits, becomes `.integer`; −0 and all
    /// others `.double`.
    /// - Throws: `JSONError` when the text is not JSON.
    package init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Reads JSON text that is still bytes, which must be UTF-8.
    /// - Throws: `JSONError` when they are not JSON.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
            try JSONValue(parsing: UnsafeRawBufferPointer(bytes))
        }
    }

    /// Reads JSON text that is still bytes, which must be UTF-8.
    /// - Throws: `JSONError` when they are not JSON.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.document()
    }
}

/// A reader of JSON by recursive descent: linear in the text, and bounded in depth.
struct JSONReader {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The one value, with nothing but white space around it.
    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw failure("more text after the value") }
        return value
    }

    private func failure(_ what: String, at offset: Int? = nil) -> JSONError {
        JSONError(what: offset ?? index < bytes.count ? what : "the text ends too early", offset: offset ?? index)
    }

    /// The byte at the place reached, or nil at the end.
    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failure("no value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let start = index
        for offset in 0..<word.utf8CodeUnitCount {
            guard next == word.utf8Start[offset] else { throw failure("no value", at: start) }
            index += 1
        }
        return value
    }

    private mutating func enter() throws(JSONError) {
        guard depth < JSONValue.maximumDepth else {
            throw failure("arrays and objects more than \(JSONValue.maximumDepth) deep")
        }
        depth += 1
        index += 1
        skipSpace()
    }

    /// Whether another element follows; `close` ends the list.
    private mutating func goesOn(until close: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        switch next {
        case UInt8(ascii: ","):
            index += 1
            return true
        case close:
            index += 1
            depth -= 1
            return false
        default: throw failure("neither a comma nor the end of the \(close == UInt8(ascii: "]") ? "array" : "object")")
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if next == UInt8(ascii: "]") {
            index += 1
            depth -= 1
            return .array(elements)
        }
        repeat { elements.append(try value()) } while try goesOn(until: UInt8(ascii: "]"))
        return .array(elements)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try enter()
        var members: [String: JSONValue] = [:]
        if next == UInt8(ascii: "}") {
            index += 1
            depth -= 1
            return .object(members)
        }
        repeat {
            skipSpace()
            let start = index
            guard next == UInt8(ascii: "\"") else { throw failure("no key in quotes") }
            let key = try string()
            guard JSONReader.isCheap(key, marks: 32) else {
                throw failure("more than 32 combining marks in a row in a key", at: start)
            }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw failure("no colon after the key") }
            index += 1
            guard members.updateValue(try value(), forKey: key) == nil else {
                throw failure("a key that was there before", at: start)
            }
        } while try goesOn(until: UInt8(ascii: "}"))
        return .object(members)
    }

    // MARK: - Strings

    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        guard next == UInt8(ascii: "\"") else { return try escaped(from: start) }
        let text = try utf8(UnsafeRawBufferPointer(rebasing: bytes[start..<index]), from: start)
        index += 1
        return text
    }

    /// The rest of a string, in which the byte reached is the first that does not stand for itself.
    private mutating func escaped(from start: Int) throws(JSONError) -> String {
        var text = [UInt8](bytes[start..<index])
        while let byte = next {
            if byte == UInt8(ascii: "\"") {
                let string = try text.withUnsafeBufferPointer { text throws(JSONError) in
                    try utf8(UnsafeRawBufferPointer(text), from: start)
                }
                index += 1
                return string
            }
            guard byte >= 0x20 else { throw failure("a control character in a string") }
            if byte == UInt8(ascii: "\\") {
                try appendEscape(to: &text)
            } else {
                text.append(byte)
                index += 1
            }
        }
        throw failure("a string without end")
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
        index += 1
        guard let byte = next else { throw failure("an escape without end") }
        let plain: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = byte
        case UInt8(ascii: "b"): plain = 0x08
        case UInt8(ascii: "f"): plain = 0x0C
        case UInt8(ascii: "n"): plain = 0x0A
        case UInt8(ascii: "r"): plain = 0x0D
        case UInt8(ascii: "t"): plain = 0x09
        case UInt8(ascii: "u"): return text.append(contentsOf: Array(String(try scalar()).utf8))
        default: throw failure("an unknown escape")
        }
        text.append(plain)
        index += 1
    }

    /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
    private mutating func scalar() throws(JSONError) -> Character {
        let start = index - 1
        var code = try codeUnit()
        if 0xD800..<0xDC00 ~= code, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        {
            index += 1
            let low = try codeUnit()
            guard 0xDC00..<0xE000 ~= low else { throw failure("half a surrogate pair", at: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair", at: start) }
        return Character(scalar)
    }

    /// The value of `uXXXX`.
    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        index += 1
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch next {
            case .some(let byte) where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
                digit = byte - UInt8(ascii: "0")
            case .some(let byte) where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte):
                digit = byte - UInt8(ascii: "a") + 10
            case .some(let byte) where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte):
                digit = byte - UInt8(ascii: "A") + 10
            default: throw failure("no hex digit in an escape")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }

    private func utf8(_ text: UnsafeRawBufferPointer, from start: Int) throws(JSONError) -> String {
        guard let string = String(validating: text, as: UTF8.self) else {
            throw failure("a string that is not UTF-8", at: start)
        }
        guard JSONReader.isCheap(string, marks: 1_024) else {
            throw failure("more than 1,024 combining marks in a row", at: start)
        }
        return string
    }

    /// Whether a text has at most so many combining marks in a row. Who hashes or compares texts sorts them, in time that
    /// grows with the square of their number.
    private static func isCheap(_ text: String, marks limit: Int) -> Bool {
        guard text.utf8.count > 2 * limit else { return true }
        var marks = 0
        for scalar in text.unicodeScalars {
            let isMark = scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
            marks = isMark ? marks + 1 : 0
            if marks > limit { return false }
        }
        return true
    }

    // MARK: - Numbers

    private mutating func digits() throws(JSONError) {
        let start = index
        while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { index += 1 }
        guard index > start else { throw failure("no digit") }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        if next == UInt8(ascii: "-") { index += 1 }
        if next == UInt8(ascii: "0") { index += 1 } else { try digits() }
        var isWhole = true
        if next == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            index += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let value = Int64(text), value != 0 || text == "0" { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw failure("a number out of range", at: start) }
        if let whole = Int64(exactly: value), abs(value) < 9e15, value.sign == .plus || value != 0 {
            return .integer(whole)
        }
        return .double(value)
    }
}
