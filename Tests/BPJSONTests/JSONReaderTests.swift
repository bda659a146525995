import TestSupport
import Testing

@testable import BPJSON

@Suite struct JSONReaderTests {
    @Test(arguments: [
        (" [1 , 2\t,\r\n3 ] ", JSONValue.array([1, 2, 3])),
        ("{ \"a\" : { } , \"b\" : [ ] }", .object(["a": .object([:]), "b": .array([])])),
        (#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, "\"\\/\u{8}\u{c}\n\r\té😀"),
        ("\"\u{7f}\u{fffe}é\"", "\u{7f}\u{fffe}é"),
        ("0", 0), ("-0", .double(-0.0)), ("-0.0", .double(-0.0)), ("1.0", 1), ("1e2", 100), ("-1E+2", -100),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9007199254740993", .integer(9_007_199_254_740_993)), ("9223372036854775808", .double(0x1p63)),
        ("9.1e15", .double(9.1e15)), ("8.9e15", .integer(8_900_000_000_000_000)), ("0.1", .double(0.1)),
        ("4.9e-324", .double(.leastNonzeroMagnitude)), ("1e-400", .integer(0)), ("-1e-400", .double(-0.0)),
        ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)), ("true", true), ("null", nil), ("false", false),
    ])
    func values(text: String, value: JSONValue) throws {
        let read = try JSONValue(parsing: text)
        // −0 equals 0, so the text tells them apart.
        #expect(read == value && read.serialized == value.serialized)
    }

    @Test(arguments: [
        ("", 0, "the text ends too early"), ("  ", 2, "the text ends too early"), ("[1,]", 3, "no value"),
        ("[1 2]", 3, "neither a comma nor the end of the array"), ("[1", 2, "the text ends too early"),
        ("{\"a\":1,}", 7, "no key in quotes"), ("{a:1}", 1, "no key in quotes"),
        ("{\"a\" 1}", 5, "no colon after the key"),
        ("{\"a\":1]", 6, "neither a comma nor the end of the object"), ("1 1", 2, "more text after the value"),
        ("01", 1, "more text after the value"), ("+1", 0, "no value"), ("-", 1, "the text ends too early"),
        ("-a", 1, "no digit"), ("1.", 2, "the text ends too early"), ("1.e1", 2, "no digit"), (".5", 0, "no value"),
        ("1e", 2, "the text ends too early"), ("1e400", 0, "a number out of range"),
        ("-1e999999999999", 0, "a number out of range"),
        ("NaN", 0, "no value"), ("Infinity", 0, "no value"), ("nul", 0, "no value"), ("nulL", 0, "no value"),
        ("truetrue", 4, "more text after the value"), ("'a'", 0, "no value"), ("\"a", 2, "the text ends too early"),
        ("\"\\x\"", 2, "an unknown escape"), ("\"\\u12G4\"", 5, "no hex digit in an escape"),
        ("\"\\ud800\"", 1, "half a surrogate pair"), ("\"\\udc00\"", 1, "half a surrogate pair"),
        ("\"\\ud800\\u0041\"", 1, "half a surrogate pair"), ("\"\t\"", 1, "a control character in a string"),
        ("\"\\n\u{0}\"", 3, "a control character in a string"), ("// a\n1", 0, "no value"),
        ("\u{feff}1", 0, "no value"),
        ("{\"a\":1,\"a\":1}", 7, "a key that was there before"),
        ("{\"a\":1,\"\\u0061\":2}", 7, "a key that was there before"),
        ("[\u{a0}1]", 1, "no value"), ("\"\\", 2, "the text ends too early"), ("\"\\u00", 5, "the text ends too early"),
    ])
    func whatIsNotJSON(text: String, offset: Int, what: String) {
        #expect(throws: JSONError(what: what, offset: offset)) { try JSONValue(parsing: text) }
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func stringsAreUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONError(what: "a string that is not UTF-8", offset: 1)) {
            try JSONValue(parsing: [quote] + bytes + [quote])
        }
        #expect(throws: JSONError(what: "a string that is not UTF-8", offset: 1)) {
            try JSONValue(parsing: [quote, UInt8(ascii: "\\"), UInt8(ascii: "n")] + bytes + [quote])
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    /// Hashing such a text takes time that grows with the square of its marks: half a minute for 64 KB.
    @Test func marksInARowAreBounded() throws {
        func marks(_ count: Int) -> String { "\"e" + String(repeating: "\u{301}\u{316}", count: count / 2) + "\"" }
        _ = try JSONValue(parsing: "{" + marks(32) + ":" + marks(1_024) + "}")
        #expect(throws: JSONError(what: "more than 32 combining marks in a row in a key", offset: 1)) {
            try JSONValue(parsing: "{" + marks(34) + ":1}")
        }
        #expect(throws: JSONError(what: "more than 1,024 combining marks in a row", offset: 1)) {
            try JSONValue(parsing: marks(1_026))
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "{" + marks(1 << 19) + ":1}") }
    }

    @Test func depthIsBounded() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> String {
                String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            }
            _ = try JSONValue(parsing: nested(JSONValue.maximumDepth))
            #expect(throws: JSONError.self) { try JSONValue(parsing: nested(JSONValue.maximumDepth + 1)) }
            #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: open, count: 1_000_000)) }
        }
        // Arrays beside one another are not deep.
        _ = try JSONValue(parsing: "[" + String(repeating: "[[]],", count: 1000) + "{}]")
    }

    /// What it writes it reads; what one changed byte makes of it, it refuses or reads as something that it writes.
    @Test func anythingThatIsReadIsWritten() throws {
        let seed = testSeed()
        var random = SplitMix64(seed)
        for _ in 0..<400 {
            let value = randomValue(&random, depth: 3)
            var bytes = Array(value.serialized.utf8)
            #expect(try JSONValue(parsing: bytes).serialized == value.serialized, "seed \(seed)")
            for _ in 0..<20 {
                let index = Int(random.next() % UInt64(bytes.count))
                let old = bytes[index]
                bytes[index] = UInt8(truncatingIfNeeded: random.next())
                if let read = try? JSONValue(parsing: bytes) {
                    #expect(try JSONValue(parsing: read.serialized).serialized == read.serialized, "seed \(seed)")
                }
                bytes[index] = old
            }
        }
    }

    private func randomValue(_ random: inout SplitMix64, depth: Int) -> JSONValue {
        func text() -> String {
            String(
                String.UnicodeScalarView(
                    (0..<random.next() % 6).map { _ in
                        Unicode.Scalar(UInt32(truncatingIfNeeded: random.next() % 0x300)) ?? "?"
                    }))
        }
        switch random.next() % (depth > 0 ? 7 : 5) {
        case 0: return .integer(Int64(truncatingIfNeeded: random.next() >> (random.next() % 64)))
        case 1:
            let value = Double(bitPattern: random.next())
            // A whole one below 9·10¹⁵ is read as an integer.
            return value.isFinite && (value.rounded() != value || abs(value) >= 9e15) ? .double(value) : .null
        case 2: return .string(text())
        case 3: return .bool(random.coin())
        case 4: return .null
        case 5: return .array((0..<random.next() % 5).map { _ in randomValue(&random, depth: depth - 1) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<random.next() % 5 { members[text()] = randomValue(&random, depth: depth - 1) }
            return .object(members)
        }
    }
}
