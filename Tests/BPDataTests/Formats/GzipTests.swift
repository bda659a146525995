import BPData
import Foundation
import Testing

@Suite struct GzipTests {
    private let plain: [UInt8]
    private let zipped: [UInt8]

    init() throws {
        plain = try ArrayFixtures.bytes("train-images-idx3-ubyte")
        zipped = try ArrayFixtures.bytes("t10k-images-idx3-ubyte.gz")
    }

    @Test func whatPythonWroteIsRead() throws {
        #expect(Gzip.begins(zipped) && !Gzip.begins(plain))
        #expect(try Gzip.inflate(zipped) == plain)
        #expect(Gzip.prefix(zipped, 16) == Array(plain.prefix(16)))
        #expect(Gzip.prefix(zipped, 1_000) == plain)
        #expect(Gzip.prefix(plain, 10) == [])
    }

    @Test func severalMembersAreOneFile() throws {
        #expect(try Gzip.inflate(zipped + zipped) == plain + plain)
    }

    @Test func bytesAfterTheEndAreRefused() throws {
        for rest in [[0], [1, 2, 3], Array(zipped.prefix(5)), [0x1F, 0x8B, 8] as [UInt8]] {
            #expect(try failure { try Gzip.inflate(zipped + rest) }.kind == .malformed)
        }
        #expect(
            try failure { try Gzip.inflate(zipped + [0, 1]) }.message == "2 bytes after the end of the compressed data")
    }

    @Test func cutOffAnywhere() throws {
        for length in 0..<zipped.count {
            #expect(try failure { try Gzip.inflate(Array(zipped[..<length])) }.kind == .malformed, "\(length)")
        }
    }

    @Test func everyBitFlippedIsFoundOrChangesNothing() throws {
        for bit in 0..<8 * zipped.count {
            let flipped = replacing(zipped, at: bit / 8, with: zipped[bit / 8] ^ 1 << UInt8(bit % 8))
            do { #expect(try Gzip.inflate(flipped) == plain, "bit \(bit)") } catch {
                #expect(error.kind == .malformed, "bit \(bit)")
            }
        }
    }

    @Test func aBombIsRefusedAtTheLimit() throws {
        // 10 MiB of zeros, which Python made 10 KiB of.
        let bomb = try #require(
            Data(
                base64Encoded: try String(contentsOfFile: ArrayFixtures.path("bomb.gz.base64"), encoding: .utf8),
                options: .ignoreUnknownCharacters))
        let error = try failure { try Gzip.inflate(Array(bomb), limit: 1 << 20) }
        #expect(error.message == "it inflates to more than the 1,048,576 bytes that it may")
        #expect(try Gzip.inflate(Array(bomb), limit: 10 << 20).count == 10 << 20)
        // A length that lies costs no memory, and is found at the end.
        var liar = Array(bomb)
        liar[liar.count - 1] = 0x3F
        #expect(try failure { try Gzip.inflate(liar) }.kind == .malformed)
    }
}
