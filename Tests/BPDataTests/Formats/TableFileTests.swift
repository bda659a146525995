import TestSupport
import Testing

@testable import BPData

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files made here: what is sniffed, archives that leave a choice, and damage.
@Suite struct TableFileTests {
    private func with<Result>(
        _ name: String, _ bytes: [UInt8], _ body: (String) throws -> Result
    ) throws -> Result {
        try withTemporaryDirectory { folder in
            let path = folder + "/" + name
            let file = try #require(fopen(path, "w"))
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
            return try body(path)
        }
    }

    private func archive(_ members: [String: [Int]]) throws -> [UInt8] {
        var writer = ZipWriter()
        for (name, shape) in members.sorted(by: { $0.key < $1.key }) {
            let values = (0..<shape.reduce(1, *)).map { Float($0) }
            try writer.add(name + ".npy", NPYArray.encoded(values, shape: shape))
        }
        return writer.finished()
    }

    @Test func formatsThatAreKnownAndNotRead() throws {
        let xz: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 1, 2]
        let error = try with("a.xz", xz) { path in try failure { try TableReader().read(path: path) } }
        #expect(error.message.contains("compressed by xz") && error.isBinary)
    }

    @Test func gzippedText() throws {
        // gzip -n of "a,b\n1,x\n2,y\n", stored: 12 bytes.
        let text = Array("a,b\n1,x\n2,y\n".utf8)
        let crc = ZipArchive.crc(text)
        func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var zipped: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 12, 0, 0xF3, 0xFF]
        zipped += text
        zipped += little(crc) + little(12)
        try with("iris.csv.gz", zipped) { path in
            let table = try TableReader().read(path: path)
            #expect(
                table.name == "iris" && table.file == path
                    && table.columns.map(\.texts) == [["1", "2"], ["x", "y"]])
        }
        // The content decides, not the name.
        #expect(try with("plain.csv", zipped) { try TableReader().read(path: $0) }.rowCount == 2)
        let cut = try with("cut.csv.gz", Array(zipped.dropLast(3))) { path in
            try failure { try TableReader().read(path: path) }
        }
        #expect(cut.kind == .malformed && cut.isBinary)
    }

    @Test func gzippedZerosAreNotInflated() throws {
        // A stored block that claims 65,535 zeros and has 2,000: what is missing is not looked for.
        let zipped: [UInt8] =
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0, 0xFF, 0xFF, 0, 0] + Array(repeating: 0, count: 2_000)
        let error = try with("zeros.csv.gz", zipped) { path in try failure { try TableReader().read(path: path) } }
        #expect(error.message == "byte 1 is zero: a binary file, not CSV")
    }

    @Test func archivesThatLeaveAChoice() throws {
        func choice(_ members: [String: [Int]], _ said: TableChoices = .init()) throws -> NPZArchive.Choice {
            try NPZArchive(archive(members)).choice(said, isForTraining: true, wantsLabels: true)
        }
        #expect(try choice(["X": [3, 2], "y": [3]]) == .pair(features: "X", labels: .member("y")))
        #expect(try choice(["x_train": [3, 2], "x_val": [3, 2]]) == .pair(features: "x_train", labels: nil))
        #expect(
            try choice(["data": [3, 4], "images": [3, 2, 2], "target": [3]])
                == .pair(features: "data", labels: .member("target")))
        #expect(
            try choice([
                "train_images": [3, 4], "train_labels": [3, 1], "test_images": [1, 4], "test_labels": [1, 1],
            ])
                == .pair(features: "train_images", labels: .member("train_labels")))
        #expect(try choice(["whatever": [3, 4]]) == .pair(features: "whatever", labels: nil))
        #expect(try choice(["a": [3], "b": [3]]) == .columns)
        #expect(
            try choice(["a": [3, 2], "b": [3]], TableChoices(labels: "b"))
                == .pair(features: "a", labels: .member("b")))
        for members in [["a": [3, 2], "b": [3, 2]], ["a": [3], "b": [4]], ["data": [3, 2], "images": [3, 2]]] {
            #expect(try failure { try choice(members) }.message.contains("--features MEMBER"))
        }
    }

    @Test func anArchiveOfOtherThings() throws {
        var writer = ZipWriter()
        try writer.add("word/document.xml", [1])
        #expect(
            try failure { try NPZArchive(writer.finished()) }.message
                == "the zip archive has no member whose name ends with .npy; it has: word/document.xml")
    }

    @Test func aMemberThatIsLongerThanItsHeaderSays() throws {
        var writer = ZipWriter()
        try writer.add("x.npy", NPYArray.encoded([1, 2], shape: [2]) + Array(repeating: 0, count: 1_000))
        let error = try failure { try NPZArchive(writer.finished()).array("x") }
        #expect(error.message == "its header states 136 bytes, and the archive 1,136" && error.member == "x")
        // Gzipped, it is refused as soon as it is longer: 10 MiB of zeros behind a header for two numbers.
        let header = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}")
        #expect(NPYArray.size(of: header) == header.count + 8)
        #expect(NPYArray.size(of: Array(header.dropLast())) == nil)
    }

    @Test func aNumberThatIsNone() throws {
        let bytes = NPYArray.encoded([1, 2, 3, .nan, 5, 6], shape: [3, 2])
        let error = try with("x.npy", bytes) { path in try failure { try TableReader().read(path: path) } }
        #expect(error.message == "\"nan\" is no finite number" && error.row == 2 && error.columnNumber == 2)
    }

    @Test func negativeZeroKeepsItsSign() throws {
        let bytes = NPYArray.encoded([0, -0.0], shape: [2])
        let table = try with("x.npy", bytes) { try TableReader().read(path: $0) }
        #expect(table.types == [.f32] && table.columns[0].numbers.map(\.sign) == [.plus, .minus])
    }

    @Test func imagesThatLie() throws {
        let whole = try ArrayFixtures.bytes("train-images-idx3-ubyte")
        for length in 0..<whole.count {
            _ = try with("cut", Array(whole[..<length])) { path in
                try failure { try TableReader(choices: TableChoices(format: .idx)).read(path: path) }
            }
        }
        // But for u8 that become i8, which is as good.
        for bit in 0..<8 * 16 where bit != 16 {
            let flipped = replacing(whole, at: bit / 8, with: whole[bit / 8] ^ 1 << UInt8(bit % 8))
            #expect(throws: DataError.self, "bit \(bit)") { try IDXArray(flipped) }
        }
        #expect(throws: DataError.self) { try IDXArray([0, 0, 8, 3] + Array(repeating: 0xFF, count: 12)) }
        #expect(throws: DataError.self) { try IDXArray([0, 0, 0x0E, 32] + Array(repeating: 0xFF, count: 128)) }
    }

    @Test func moreRowsThanAreTurnedAtATime() throws {
        for (rows, width) in [(100, 7), (65, 130), (32, 64)] {
            let pixels = (0..<rows * width).map { UInt8($0 % 251) }
            let header: [UInt8] = [0, 0, 8, 2, 0, 0, 0, UInt8(rows), 0, 0, 0, UInt8(width)]
            let grid = try ElementGrid(IDXArray(header + pixels), name: "x")
            let columns = try grid.columns(Array(0..<width), types: [:])
            let floats = try ElementGrid(
                NPYArray(NPYArray.encoded(pixels.map(Float.init), shape: [rows, width])), name: "x")
            let same = try floats.columns(Array(0..<width), types: [:])
            for column in 0..<width {
                let expected = (0..<rows).map { pixels[$0 * width + column] }
                #expect(columns[column].canonicalBytes == expected && same[column].canonicalBytes == expected)
            }
        }
    }

    @Test func rowsOfTensThousandsOfColumnsAndFortran() throws {
        #expect(ElementGrid.names(784).first == "p000" && ElementGrid.names(784).last == "p783")
        #expect(ElementGrid.names(1) == ["p0"] && ElementGrid.names(11).last == "p10")
        let bytes = NPYArray.encoded((0..<60_000).map { Float($0) }, shape: [3, 100, 200])
        let table = try with("wide.npy", bytes) { try TableReader().read(path: $0) }
        #expect(table.columns.count == 20_000)
        #expect(table.columns[12_345].name == "p12345" && table.columns[12_345].numbers == [12_345, 32_345, 52_345])
        let fortran = try ElementGrid(ArrayFixtures.array("fortran-3d.npy"), name: "x").columns(
            Array(0..<12), types: [:])
        let expected = (0..<12).map { [Double($0), Double($0 + 12)] }
        #expect(fortran.map(\.numbers) == expected)
    }
}
