import TestSupport
import Testing

@testable import BPData

/// The format of a file by its first bytes alone.
@Suite struct FileKindTests {
    private func fault(_ name: String, _ bytes: [UInt8]) throws -> DataError {
        let scratch = ScratchDirectory()
        scratch.files.write(bytes, to: name)
        return try failure { try TableReader().read(path: scratch.file(name)) }
    }

    private func archive(_ members: [(String, [UInt8])]) throws -> [UInt8] {
        var writer = ZipWriter()
        for (name, bytes) in members { try writer.add(name, bytes) }
        return writer.finished()
    }

    @Test("Formats that are read")
    func known() throws {
        #expect(FileKind(of: [0, 0, 8, 1, 0, 0, 0, 9]) == .idx)
        #expect(FileKind(of: NPYArray.encoded([1], shape: [1])) == .npy)
        #expect(FileKind(of: try archive([("a.npy", [])])) == .zip)
        #expect(FileKind(of: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]) == .gzip)
        #expect(FileKind(of: Array("SQLite format 3\0".utf8)) == .sqlite)
        // A length in eight bytes, and an object behind it; also one whose first bytes look like IDX or gzip.
        for length in [[0x80, 4, 0, 0], [0, 0, 8, 1], [0x1F, 0x8B, 8, 0]] as [[UInt8]] {
            #expect(FileKind(of: length + [0, 0, 0, 0] + Array("{\"a\"".utf8)) == .safetensors)
        }
        for text in [
            "", "a,b\n1,2\n", "BZ,h\n1,2\n", "\"{a}\",b\n", "[x],y\n1,2\n", "{x},y\n1,2\n", "<5,y\n1,2\n", "\u{8}",
        ] {
            #expect(FileKind(of: Array(text.utf8)) == .other, "\(text)")
        }
    }

    @Test(
        "Formats that are not read are named, with what to do",
        arguments: [
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 1], "compressed by xz", "xz -dc < FILE > OUT"),
            (Array("BZh91AY".utf8), "compressed by bzip2", "bzip2 -dc < FILE > OUT"),
            ([0x28, 0xB5, 0x2F, 0xFD, 1], "compressed by zstd", "zstd -dc < FILE > OUT"),
            (Array("PAR1abc".utf8), "a Parquet file", "save the table as CSV"),
            (Array("ARROW1\0\0".utf8), "Arrow", "save the table as CSV"),
            ([0x08, 0x0A, 0x12, 0x05] + Array("bpreg".utf8), "an ONNX model", "reads no model"),
            ([0x80, 4, 0x95, 0x26, 0, 0, 0, 0, 0, 0, 0], "a pickle", "numpy.save"),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "Excel", "as CSV"),
            (Array("%PDF-1.7".utf8), "a PDF document", "CSV"), (Array("{\"a\": [1]}".utf8), "JSON", "CSV"),
            (Array("[ {\"a\": 1}]".utf8), "JSON", "CSV"),
            (Array("<!DOCTYPE html>".utf8), "an HTML page", "get the file"),
            (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "Git LFS", "git lfs pull"),
            (Array("SQLite format 3\0".utf8), "an SQLite database", "sqlite3 FILE .tables"),
            ([0x20, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\"}".utf8), "a safetensors file", "bpreg inspect FILE"),
        ] as [([UInt8], String, String)])
    func foreign(bytes: [UInt8], name: String, remedy: String) throws {
        for file in [bytes, Gzipped.stored(bytes)] {
            let error = try fault("t.csv", file)
            #expect(error.message.contains(name), "\(error.message)")
            guard case .command(let command)? = error.remedy else {
                Issue.record("no remedy: \(error.message)")
                continue
            }
            #expect(command.contains(remedy), "\(command)")
        }
    }

    @Test("A gzip file within a gzip file")
    func gzippedTwice() throws {
        let error = try fault("t.csv.gz", Gzipped.stored(Gzipped.stored(Array("a,b\n1,2\n".utf8))))
        #expect(error.message == "it is gzipped twice: what it holds is a gzip file again")
        #expect(error.remedy == .command("gzip -dc < FILE | gzip -dc > OUT"))
    }

    @Test("Arrays without rows, archives without a table: with names and counts")
    func nothing() throws {
        func message(_ bytes: [UInt8]) throws -> String { try fault("t.npz", bytes).message }
        #expect(try message(NPYArray.encoded([], shape: [0, 3])) == "the array has no rows: its shape is 0 × 3")
        #expect(
            try message(NPYArray.encoded([1], shape: [])) == "the array is a single value, of shape (): it has no rows")
        #expect(try message(archive([])) == "the zip archive is empty: it has no file")
        let (three, two) = (NPYArray.encoded([1, 2, 3], shape: [3]), NPYArray.encoded([1, 2], shape: [2]))
        #expect(
            try message(archive([("a.npy", three), ("b.npy", two), ("c.npy", three)])).hasPrefix(
                "the members are no columns of one table, since their lengths differ: a (3), b (2), c (3)"))
        let export = try fault(
            "m.npz", archive([("layer1.weight.npy", three), ("bpreg.model.npy", NPYArray.encoded("{}"))]))
        #expect(export.message == "it is a model that bpreg exported, and no table: it has bpreg.model")
        #expect(
            export.remedy == .command("bring it into a registry with bpreg import FILE, and name its table with --data")
        )
    }
}

/// gzip of one stored block.
private enum Gzipped {
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        func little(_ number: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> (8 * $0) & 0xFF) } }
        let size = UInt32(bytes.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + little(size, 2) + little(~size, 2) + bytes
            + little(ZipArchive.crc(bytes), 4) + little(size, 4)
    }
}
