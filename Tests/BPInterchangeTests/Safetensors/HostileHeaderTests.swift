import BPInterchange
import TestSupport
import Testing

/// Headers that lie. The data behind them are 8 bytes.
@Suite struct HostileHeaderTests {
    @Test(arguments: [
        ("", "does not begin with {"), (" {}", "does not begin with {"), ("[]", "does not begin with {"),
        ("{", "the text ends too early"), ("{}", "its tensors have 0 bytes, and 8 follow it"),
        ("{}{}", "more text after the value"), (#"{"a":1}"#, "it needs a dtype"), (#"{"a":{}}"#, "it needs a dtype"),
        (#"{"__metadata__":[]}"#, "is no object"), (#"{"__metadata__":{"a":1}}"#, "is no text"),
        (#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"more":1}}"#, "it needs a dtype"),
        (
            #"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#,
            "a key that was there before"
        ),
        (#"{"":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#, "control characters"),
        (#"{"a\u0007":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#, "control characters"),
    ])
    func structure(json: String, what: String) {
        refused(json, what)
    }

    @Test(arguments: [
        ("\"F32\"", "[2]", "[0,7]", "it has 7"), ("\"F32\"", "[3]", "[0,8]", "takes 12 bytes"),
        ("\"F32\"", "[]", "[0,8]", "takes 4 bytes"), ("\"F64\"", "[0]", "[0,8]", "takes 0 bytes"),
        ("\"F4\"", "[2]", "[0,8]", "dtype \"F4\" is not known"), ("\"f32\"", "[2]", "[0,8]", "is not known"),
        ("7", "[2]", "[0,8]", "it needs a dtype"), ("null", "[2]", "[0,8]", "it needs a dtype"),
        ("\"F32\"", "2", "[0,8]", "it needs a dtype"), ("\"F32\"", "[2.5]", "[0,8]", "its shape"),
        ("\"F32\"", "[-2]", "[0,8]", "its shape"), ("\"F32\"", "[\"NaN\"]", "[0,8]", "its shape"),
        ("\"F32\"", "[null]", "[0,8]", "its shape"), ("\"F32\"", "[[2]]", "[0,8]", "its shape"),
        ("\"F32\"", "[NaN]", "[0,8]", "no value"), ("\"F32\"", "[1e999]", "[0,8]", "out of range"),
        ("\"F32\"", "[9223372036854775807,2]", "[0,8]", "its shape"),
        ("\"F32\"", "[4294967296,4294967296]", "[0,8]", "its shape"),
        ("\"F32\"", "[4611686018427387905]", "[0,8]", "its shape"), ("\"F32\"", "[1e30]", "[0,8]", "its shape"),
        ("\"F32\"", "[-1,-2]", "[0,8]", "its shape"), ("\"F32\"", "[0,-2]", "[0,0]", "its shape"),
        ("\"F32\"", "[1000000000]", "[0,4000000000]", "and 8 follow it"),
        ("\"F32\"", "[2]", "[8,0]", "data_offsets"), ("\"F32\"", "[2]", "[0]", "data_offsets"),
        ("\"F32\"", "[2]", "[0,8,8]", "data_offsets"), ("\"F32\"", "[2]", "[-8,0]", "data_offsets"),
        ("\"F32\"", "[2]", "[\"0\",8]", "data_offsets"), ("\"F32\"", "[2]", "[0.5,8.5]", "data_offsets"),
        ("\"F32\"", "[2]", "[0,1e99]", "data_offsets"), ("\"U8\"", "[7]", "[1,8]", "there is a hole before it"),
        ("\"U8\"", "[7]", "[0,7]", "8 follow it"), ("\"U8\"", "[9]", "[0,9]", "8 follow it"),
        ("\"U8\"", "[" + String(repeating: "1,", count: 40) + "8]", "[0,8]", "its shape"),
        ("\"U8\"", "[8]", "[9223372036854775799,9223372036854775807]", "there is a hole before it"),
    ])
    func aTensor(dtype: String, shape: String, offsets: String, what: String) {
        refused("{\"a\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)}}", what)
    }

    @Test(arguments: [
        ([(0, 4), (3, 8)], "it overlaps the tensor before"), ([(0, 8), (0, 8)], "it overlaps the tensor before"),
        ([(0, 4), (5, 8)], "there is a hole before it"),
        ([(0, 4), (4, 4), (2, 2), (4, 8)], "it overlaps the tensor before"),
        ([(0, 4), (0, 4), (4, 8)], "it overlaps the tensor before"),
        ([(1, 1), (0, 8)], "it overlaps the tensor before"),
    ])
    func placesThatDoNotFit(places: [(Int, Int)], what: String) {
        let members = places.enumerated().map { index, place in
            #""t\#(index)":{"dtype":"U8","shape":[\#(place.1 - place.0)],"data_offsets":[\#(place.0),\#(place.1)]}"#
        }
        refused("{" + members.joined(separator: ",") + "}", what)
    }

    @Test func depthAndLength() {
        refused("{\"a\":" + String(repeating: "[", count: 100_000), "more than 128 deep")
        refused("{\"a\":" + String(repeating: "{\"a\":", count: 100_000), "more than 128 deep")
    }

    @Test(
        arguments: [
            ([], "0 bytes are no safetensors file"), ([1, 2, 3], "3 bytes are no safetensors file"),
            ([UInt8](repeating: 0xFF, count: 8), "is said to have 18446744073709551615 bytes"),
            ([0, 0, 0, 0, 0, 0, 0, 0x80], "is said to have 9223372036854775808 bytes"),
            ([3, 0, 0, 0, 0, 0, 0, 0, 123, 125], "is said to have 3 bytes"),
            ([0, 0, 0, 0, 0, 0, 0, 0], "does not begin with {"),
            ([2, 0, 0, 0, 0, 0, 0, 0, 123, 125, 0], "its tensors have 0 bytes, and 1 follow it"),
        ] as [([UInt8], String)])
    func theFirstBytes(bytes: [UInt8], what: String) {
        let scratch = ScratchDirectory()
        scratch.files.write(bytes, to: "a")
        do {
            _ = try SafetensorsContent(scratch.file("a"))
            Issue.record("was read")
        } catch {
            #expect("\(error)".contains(what), "\(error)")
            #expect((error as? FormatError)?.kind == .malformed)
        }
    }

    private func refused(_ json: String, _ what: String) {
        do throws(FormatError) {
            _ = try SafetensorsHeader(json: Array(json.utf8), dataCount: 8, file: "a")
            Issue.record("was read: \(json.prefix(200))")
        } catch {
            #expect(error.kind == .malformed)
            #expect(error.description.contains(what), "\(error)")
        }
    }
}
