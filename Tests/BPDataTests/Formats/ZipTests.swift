import Foundation
import Testing

@testable import BPData

@Suite struct ZipTests {
    @Test(arguments: ["stored.npz", "deflated.npz"])
    func whatNumPyWroteIsRead(_ name: String) throws {
        let bytes = try ArrayFixtures.bytes(name)
        #expect(ZipArchive.begins(bytes))
        let archive = try ZipArchive(bytes)
        let names =
            name == "stored.npz" ? ["X.npy", "y.npy"] : ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"]
        #expect(archive.members.map(\.name) == names)
        let features = try NPYArray(archive.bytes(of: archive.members[0]))
        #expect(features.shape == [4, 2])
        #expect(try features.doubles() == [0, 0.5, 255, 1.5, 7, 2.5, 8, 3.5])
        #expect(archive.member("nothing") == nil)
    }

    @Test func whatIsWrittenIsRead() throws {
        var writer = ZipWriter()
        try writer.add("a.npy", [1, 2, 3])
        try writer.add("größe", [])
        let bytes = writer.finished()
        let archive = try ZipArchive(bytes)
        #expect(archive.members.map(\.name) == ["a.npy", "größe"])
        #expect(try archive.members.map { try archive.bytes(of: $0) } == [[1, 2, 3], []])
        #expect(throws: DataError.self) { try writer.add("a.npy", []) }
        #expect(throws: DataError.self) { try writer.add("", []) }
        #expect(try ZipArchive(ZipWriter().finished()).members.isEmpty)
    }

    @Test(arguments: ["stored.npz", "deflated.npz"])
    func cutOffAnywhere(_ name: String) throws {
        let bytes = try ArrayFixtures.bytes(name)
        for length in 0..<bytes.count {
            #expect(try failure { try ZipArchive(Array(bytes[..<length])) }.kind == .malformed, "\(length)")
        }
    }

    @Test(arguments: ["stored.npz", "deflated.npz"])
    func everyBitFlippedIsFoundOrChangesNoContent(_ name: String) throws {
        let bytes = try ArrayFixtures.bytes(name)
        let whole = try ZipArchive(bytes)
        let contents = try whole.members.map { try whole.bytes(of: $0) }
        for bit in 0..<8 * bytes.count {
            let flipped = replacing(bytes, at: bit / 8, with: bytes[bit / 8] ^ 1 << UInt8(bit % 8))
            do {
                let archive = try ZipArchive(flipped)
                #expect(try archive.members.map { try archive.bytes(of: $0) } == contents, "bit \(bit)")
            } catch { #expect((error as? DataError)?.kind == .malformed, "bit \(bit)") }
        }
    }

    @Test func twoMembersOfOneName() throws {
        var writer = ZipWriter()
        try writer.add("a", [1])
        try writer.add("b", [2])
        let bytes = writer.finished().map { $0 == UInt8(ascii: "b") ? UInt8(ascii: "a") : $0 }
        let error = try failure { try ZipArchive(bytes) }
        #expect(error.message == "the archive has two members of this name" && error.member == "a")
    }

    @Test func membersThatShareBytes() throws {
        var writer = ZipWriter()
        try writer.add("a", [1])
        try writer.add("a2", [2])
        var bytes = writer.finished()
        // The second entry's offset, 42 bytes into the entry, is that of the first member; names differ, so does the header.
        let second = try #require(bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        bytes[second + 42] = 0
        #expect(try failure { try ZipArchive(bytes) }.member == "a2")
        // The same again with a name that fits.
        var twice = ZipWriter()
        try twice.add("a", [1])
        var same = twice.finished()
        let entry = try #require(same.indices.last { same[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        let end = try #require(same.indices.last { same[$0...].starts(with: [0x50, 0x4B, 5, 6]) })
        same.insert(contentsOf: same[entry..<end], at: end)
        let record = same.count - 22
        (same[record + 8], same[record + 10], same[record + 12]) = (2, 2, UInt8(2 * (end - entry)))
        #expect(try failure { try ZipArchive(same) }.message == "the archive has two members of this name")
    }

    @Test(arguments: [(24, "claims"), (20, "too soon"), (10, "method"), (8, "encrypted")])
    func claimsOfTheDirectory(_ field: Int, _ word: String) throws {
        let bytes = try ArrayFixtures.bytes("deflated.npz")
        let entry = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        var liar = bytes
        switch field {
        case 24: liar.replaceSubrange(entry + 24..<entry + 28, with: [0xFE, 0xFF, 0xFF, 0x7F])
        case 20: liar.replaceSubrange(entry + 20..<entry + 24, with: [1, 0, 0, 0])
        case 10: liar[entry + 10] = 12
        default: liar[entry + 8] |= 1
        }
        let error = try failure {
            let archive = try ZipArchive(liar)
            return try archive.members.map { try archive.bytes(of: $0) }
        }
        #expect(error.kind == .malformed && error.member == "x_train.npy" && error.message.contains(word), "\(error)")
    }

    @Test func aMemberAboveTheLimit() throws {
        let archive = try ZipArchive(ArrayFixtures.bytes("stored.npz"))
        let member = archive.members[0]
        let error = try failure { try archive.bytes(of: member, limit: member.size - 1) }
        #expect(error.message.contains("more than the"))
        #expect(try archive.bytes(of: member, limit: member.size).count == member.size)
    }
}
