import BPData
import BPJSON
import Testing

@Suite struct EncodingJSONTests {
    @Test func theText() throws {
        let encoding = Encoding(
            features: [
                .number(name: "size", scale: Scale(mean: 0.1, deviation: 3)), .categories(name: "kind", ["a", "é"]),
            ], target: .classes(name: "y", .numbers([-1, 0.5, 10]), hasSingleOutput: false))
        #expect(
            encoding.json.serialized
                == #"{"features":[{"deviation":3.0,"mean":0.1,"name":"size"},{"categories":["a","é"],"name":"kind"}],"#
                + #""target":{"classes":[-1,0.5,10],"name":"y","single_output":false}}"#)
    }

    @Test func everyEncodingComesBack() throws {
        var chance = Chance()
        for _ in 0..<300 {
            let features = (0..<chance.integer(1...4)).map { index -> Encoding.Feature in
                chance.integer(0...2) == 0
                    ? .categories(name: "f\(index)", chance.pick([["a"], ["NaN", "x\n\"", "é"], ["1", "2"]]))
                    : .number(name: "f\(index)", scale: scale(&chance))
            }
            let targets: [Encoding.Target] = [
                .number(name: "y", scale: scale(&chance)),
                .classes(name: "y", .numbers([-2, -0.1, 0, 1e300]), hasSingleOutput: false),
                .classes(name: "y", .texts(["NaN", "no"]), hasSingleOutput: true),
            ]
            let encoding = Encoding(features: features, target: chance.pick(targets))
            let text = encoding.json.serialized
            let back = try Encoding(json: JSONValue(parsing: text))
            #expect(back == encoding, "\(text), seed \(chance.seed)")
            #expect(back.json.serialized == text, "seed \(chance.seed)")
        }
    }

    /// Any finite float32 and a positive deviation.
    private func scale(_ chance: inout Chance) -> Scale {
        func float() -> Float {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: chance.bits()))
            return value.isFinite ? value : 1
        }
        return Scale(mean: float(), deviation: max(float().magnitude, .leastNonzeroMagnitude))
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"{"features":[],"target":{"name":"y","mean":0,"deviation":1}}"#,
        #"{"features":[{"name":"x","mean":0,"deviation":1}]}"#,
    ])
    func noEncoding(text: String) throws {
        let error = try failure { try Encoding(json: JSONValue(parsing: text)) }
        #expect(error.kind == .corrupt)
        #expect(error.message == "the stored encoding has no features or no target")
    }

    @Test(arguments: [
        #"{"mean":0,"deviation":1}"#, #"{"name":"","mean":0,"deviation":1}"#, #"{"name":"x"}"#,
        #"{"name":"x","mean":0,"deviation":-1}"#, #"{"name":"x","mean":1e39,"deviation":1}"#,
        #"{"name":"x","mean":"NaN","deviation":1}"#, #"{"name":"x","mean":0,"deviation":"Infinity"}"#,
        #"{"name":"x","categories":[]}"#, #"{"name":"x","categories":["b","a"]}"#,
        #"{"name":"x","categories":["a","a"]}"#,
        #"{"name":"x","categories":[1,2]}"#, #"{"name":"x","categories":["a",2]}"#, #"{"name":"y","categories":["a"]}"#,
        #"{"name":"z","categories":["a"]}"#, "7", "null",
    ])
    func damagedFeatures(feature: String) throws {
        let text =
            #"{"features":[{"name":"z","mean":0,"deviation":1},"# + feature
            + #"],"target":{"name":"y","mean":0,"deviation":1}}"#
        #expect(try failure { try Encoding(json: JSONValue(parsing: text)) }.kind == .corrupt)
    }

    @Test(arguments: [
        #"{"mean":0,"deviation":1}"#, #"{"name":"y","mean":0,"deviation":0}"#, #"{"name":"y","classes":["a","b"]}"#,
        #"{"name":"y","classes":["a"],"single_output":false}"#,
        #"{"name":"y","classes":["a","b","c"],"single_output":true}"#,
        #"{"name":"y","classes":[2,1],"single_output":false}"#, #"{"name":"y","classes":[1,1],"single_output":false}"#,
        #"{"name":"y","classes":[1,"Infinity"],"single_output":false}"#, "[]",
    ])
    func damagedTargets(target: String) throws {
        let text = #"{"features":[{"name":"z","mean":0,"deviation":1}],"target":"# + target + "}"
        #expect(try failure { try Encoding(json: JSONValue(parsing: text)) }.kind == .corrupt)
    }
}
