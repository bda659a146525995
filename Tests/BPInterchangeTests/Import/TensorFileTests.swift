import BPData
import TestSupport
import Testing

@testable import BPInterchange

@Suite struct TensorFileTests {
    private let scratch = ScratchDirectory()

    private func read(_ bytes: [UInt8]) throws -> TensorFile {
        scratch.files.write(bytes, to: "file")
        return try TensorFile(scratch.file("file"))
    }

    @Test func everyFloatIsRead() throws {
        let cases: [(SafetensorsTensor.ElementType, [UInt8], [Float])] = [
            (.f32, [0, 0, 0x80, 0x3F, 0, 0, 0, 0x80], [1, -0.0]),
            (.f64, [0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F] + [UInt8](repeating: 0, count: 8), [0.1, 0]),
            (.f16, [0x00, 0x3C, 0x01, 0x00], [1, 0x1p-24]), (.f16, [0xFF, 0x7B, 0x00, 0xC5], [65504, -5]),
            (.bf16, [0x80, 0x3F, 0x49, 0xC0], [1, -3.140625]),
        ]
        for (type, bytes, expected) in cases {
            let header = try SafetensorsHeader(
                metadata: [:], tensors: [(name: "t", type: type, shape: [2])], file: "t")
            let values = try read(header.encoded() + bytes).tensors.first?.values
            #expect(values?.map(\.bitPattern) == expected.map(\.bitPattern), "\(type.rawValue)")
        }
        let header = try SafetensorsHeader(
            metadata: [:], tensors: [(name: "t", type: .i8, shape: [2])], file: "t")
        #expect(try read(header.encoded() + [1, 2]).tensors.first?.values == nil)
    }

    @Test func whatAreNoFloat32IsSaidWithItsType() throws {
        func message(_ header: SafetensorsHeader, _ bytes: [UInt8]) throws -> String {
            let file = try read(header.encoded() + bytes)
            let error = try #require(throws: FormatError.self) { _ = try FoundLayers(file) }
            return error.what
        }
        let whole = try SafetensorsHeader(
            metadata: [:], tensors: [(name: "fc.weight", type: .i64, shape: [1, 1])], file: "t")
        #expect(
            try message(whole, [UInt8](repeating: 0, count: 8)).hasPrefix(
                "fc.weight [1, 1] has values of type I64, and weights are floats of 16, 32 or 64 bits: convert it"))
        let large = try SafetensorsHeader(
            metadata: [:], tensors: [(name: "fc.weight", type: .f64, shape: [1, 2])], file: "t")
        let bytes = [1.0, 1e300].flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        #expect(
            try message(large, bytes)
                == "value 1 of fc.weight [1, 2] is 1e+300, beyond the range of a float32, in which bpreg computes")
        let infinite = [1.0, .infinity].flatMap { value in
            withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        }
        #expect(
            try message(large, infinite) == "value 1 of fc.weight [1, 2] is inf, and weights must be finite")
    }

    @Test func whatIsAnotherFormatIsSaid() throws {
        var torch = ZipWriter()
        try torch.add("archive/data.pkl", [0x80, 2, 0x2E])
        let scripts: [([UInt8], String)] = [
            ([0x89] + Array("HDF\r\n".utf8), "HDF5"), ([0x80, 4, 0x95], "pickle"), (torch.finished(), "save_file"),
            (NPYArray.encoded([1, 2], shape: [2]), "numpy.savez"), (Array("PK nothing".utf8), "no safetensors"),
            ([0x08, 0x0A, 0x12, 0x05] + Array("torch".utf8), "an ONNX model"),
            ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "gzipped"), (Array("SQLite format 3\0".utf8), "SQLite"),
            ([], "no safetensors"), ([UInt8](repeating: 0xFF, count: 64), "no safetensors"),
        ]
        for (bytes, expected) in scripts {
            #expect {
                try read(bytes)
            } throws: {
                "\($0)".contains(expected)
            }
        }
        #expect(throws: FileError.self) { try TensorFile(scratch.file("nothing")) }
        #expect(throws: FileError.self) { try TensorFile(scratch.path) }
    }

    @Test func aHeaderWhoseLengthBeginsAsAPickleDoesIsRead() throws {
        for length in [0x80, 0x180, 0x280, 0x480] {
            let empty = try SafetensorsHeader(
                metadata: ["t": ""], tensors: [(name: "t", type: .f32, shape: [1])], file: "t")
            let padding = String(repeating: "x", count: length - (empty.encoded().count - 8))
            let header = try SafetensorsHeader(
                metadata: ["t": padding], tensors: [(name: "t", type: .f32, shape: [1])], file: "t")
            let bytes = header.encoded() + [0, 0, 0x80, 0x3F]
            #expect(bytes[0] == 0x80)
            #expect(try read(bytes).tensors.first?.values == [1])
        }
    }

    @Test func anArchiveOfOtherFilesIsNoNPZ() throws {
        var zip = ZipWriter()
        try zip.add("notes.txt", [65])
        #expect(throws: FormatError.self) { try read(zip.finished()) }
    }
}
