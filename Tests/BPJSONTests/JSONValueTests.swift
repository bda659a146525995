import BPJSON
import Testing

@Suite struct JSONValueTests {
    @Test func textIsCanonical() {
        let value: JSONValue = ["b": 1, "a": [true, nil, "x\n\"\u{1}\u{9b}"], "é": .float(0.1), "B": .double(0.1)]
        #expect(value.serialized == #"{"B":0.1,"a":[true,null,"x\n\"\u0001\u009b"],"b":1,"é":0.1}"#)
    }

    @Test(arguments: [
        (JSONValue.float(.nan), #""NaN""#), (.float(-.infinity), #""-Infinity""#), (.double(.infinity), #""Infinity""#),
        (.float(-0.0), "-0.0"), (.float(1e-7), "1e-07"), (.float(16_777_216), "16777216.0"), (.double(1e300), "1e+300"),
        (.float(.leastNonzeroMagnitude), "1e-45"),
    ])
    func numbersKeepTheirBits(value: JSONValue, text: String) {
        #expect(value.serialized == text)
    }

    @Test func everyFloatReadsBack() throws {
        var bits: UInt32 = 12345
        for _ in 0..<20_000 {
            bits = bits &* 1_664_525 &+ 1_013_904_223
            let value = Float(bitPattern: bits)
            guard value.isFinite else { continue }
            let text = JSONValue.float(value).serialized
            let back = try JSONValue(parsing: "[\(text)]").array?.first?.number
            #expect(Float(try #require(back)).bitPattern == value.bitPattern, "\(text)")
        }
    }

    @Test func readsWhatItWrites() throws {
        let value: JSONValue = ["n": 7, "x": 0.25, "s": "ä", "l": [1, 2, [nil]], "t": true, "o": [:]]
        #expect(try JSONValue(parsing: value.serialized) == value)
    }

    @Test(arguments: ["", "{", "{\"a\":}", "nul", "\"\u{1}\""])
    func badTextIsAnError(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }
}
