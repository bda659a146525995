import BPInterchange
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    private let scratch = ScratchDirectory()
    private var path: String { scratch.file("a.safetensors") }

    @Test func itReadsWhatItWrites() throws {
        let header = try SafetensorsHeader(
            metadata: ["b": "é\"\n", "a": ""],
            tensors: [("w", .f32, [2, 3]), ("a/b", .f64, []), ("none", .f32, [0, 7]), ("u", .u8, [3])], file: "a")
        #expect(header.tensors.map(\.range) == [0..<24, 24..<32, 32..<32, 32..<35])
        let writer = try SafetensorsWriter(path, replace: false, header: header)
        let bytes = (0..<35).map { UInt8($0) }
        try writer.write(Array(bytes[..<20]))
        try writer.write(Array(bytes[20...]))
        try writer.finish()
        let file = try SafetensorsContent(path)
        #expect(file.header == header)
        #expect(file.dataStart % 8 == 0)
        #expect(try header.tensors.map { try file.bytes(of: $0) }.flatMap(\.self) == bytes)
        #expect(file.header.tensor(named: "u")?.count == 3)
    }

    @Test func theBytesOfASmallFile() throws {
        let header = try SafetensorsHeader(metadata: ["k": "v"], tensors: [("a", .u8, [1])], file: "a")
        let json = #"{"__metadata__":{"k":"v"},"a":{"data_offsets":[0,1],"dtype":"U8","shape":[1]}}"#
        let padded = json + String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
        #expect(header.encoded() == [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8))
    }

    @Test func aFileWithOtherBytesThanItsHeaderHasIsNotMade() throws {
        let header = try SafetensorsHeader(metadata: [:], tensors: [("a", .u8, [4])], file: "a")
        for count in [0, 3, 5] {
            let writer = try SafetensorsWriter(path, replace: false, header: header)
            try writer.write([UInt8](repeating: 1, count: count))
            #expect(throws: FormatError.self) { try writer.finish() }
        }
        #expect(scratch.files.names == [])
    }

    @Test func whatCannotBeAHeaderIsNotMade() {
        for tensors in [
            [("a", .u8, [1]), ("a", .u8, [1])], [("__metadata__", .u8, [1])], [("a", .f32, [-1])],
            [("a", .u8, [0, -1])],
            [("a", .f64, [Int.max])], [("a", .u8, [Int.max]), ("b", .u8, [1])],
        ] as [[(name: String, type: SafetensorsTensor.ElementType, shape: [Int])]] {
            #expect(throws: FormatError.self) { try SafetensorsHeader(metadata: [:], tensors: tensors, file: "a") }
        }
    }

    /// What others write: any order of names and members, no metadata, white space.
    @Test func aForeignHeader() throws {
        let header = try SafetensorsHeader(
            json: Array(
                #"{ "fc.weight" : {"dtype":"BF16","shape":[2,1],"data_offsets":[4,8]}, "#.utf8)
                + Array(#""fc.bias":{"shape":[1],"data_offsets":[0,4],"dtype":"F32"} }  "#.utf8), dataCount: 8,
            file: "a")
        #expect(header.tensors.map(\.name) == ["fc.bias", "fc.weight"])
        #expect(header.tensors.map(\.type) == [.f32, .bf16])
        #expect(header.metadata == [:])
    }

    @Test func everyTypeHasAWidth() {
        let widths = SafetensorsTensor.ElementType.allCases.map { "\($0.rawValue) \($0.width)" }.joined(separator: ", ")
        #expect(
            widths
                == "BOOL 1, U8 1, I8 1, F8_E5M2 1, F8_E4M3 1, I16 2, U16 2, F16 2, BF16 2, I32 4, U32 4, F32 4, I64 8, "
                + "U64 8, F64 8")
    }
}
