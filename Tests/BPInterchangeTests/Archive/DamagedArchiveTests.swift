import BPRegistry
import BPTransfer
import Foundation
import TestSupport
import Testing

@testable import BPInterchange

/// Whatever happens to an archive on its way is noticed. `BPREG_ARCHIVE_FLIPS=1` takes every bit, every length and 10,000
/// swaps; the short form takes some.
@Suite("A damaged archive is refused") struct DamagedArchiveTests {
    private static let isLong = ProcessInfo.processInfo.environment["BPREG_ARCHIVE_FLIPS"] == "1"

    @Test("each single bit that is flipped")
    func flips() throws {
        let fixture = try ArchiveFixture(units: 1_300)
        var bytes = try fixture.archive()
        #expect((55_000...75_000).contains(bytes.count), "\(bytes.count) bytes")
        for bit in stride(from: 0, to: 8 * bytes.count, by: DamagedArchiveTests.isLong ? 1 : 97) {
            bytes[bit / 8] ^= 1 << (bit % 8)
            let error = try fixture.refusal(of: bytes)
            #expect(error != nil, "bit \(bit)")
            bytes[bit / 8] ^= 1 << (bit % 8)
        }
        #expect(try fixture.refusal(of: bytes) == nil)
    }

    @Test("each length to which it is cut off")
    func truncations() throws {
        let fixture = try ArchiveFixture(units: 1_300)
        let bytes = try fixture.archive()
        for length in stride(from: 0, to: bytes.count, by: DamagedArchiveTests.isLong ? 1 : 61) {
            let error = try fixture.refusal(of: Array(bytes[..<length]))
            #expect(error?.kind == .malformed, "\(length) bytes")
        }
        #expect(try fixture.refusal(of: bytes + [0])?.kind == .malformed)
        #expect(try fixture.refusal(of: bytes + bytes)?.kind == .malformed)
    }

    @Test("blocks that changed places")
    func swaps() throws {
        let fixture = try ArchiveFixture(units: 1_300)
        let bytes = try fixture.archive()
        let seed = testSeed()
        var random = SplitMix64(seed)
        for round in 0..<(DamagedArchiveTests.isLong ? 10_000 : 200) {
            let length = 1 + Int(random.next() % 4096)
            let places = [0, 1].map { _ in Int(random.next() % UInt64(bytes.count - length)) }.sorted()
            guard places[1] >= places[0] + length else { continue }
            let (first, second) = (places[0]..<places[0] + length, places[1]..<places[1] + length)
            var swapped = bytes
            swapped.replaceSubrange(first, with: bytes[second])
            swapped.replaceSubrange(second, with: bytes[first])
            guard swapped != bytes else { continue }
            let error = try fixture.refusal(of: swapped)
            #expect(error != nil, "seed \(seed), swap \(round)")
        }
    }

    /// Whoever forges may change anything that no hash is of: a note, a time, a name. What comes of it is a registry that
    /// `verify` calls sound, or nothing.
    @Test("each bit of the header, with a digest that fits again, is refused or harmless")
    func forged() throws {
        let fixture = try ArchiveFixture()
        let archive = ArchiveBytes(try fixture.archive())
        let header = Array(archive.header.utf8)
        let start = DamagedArchiveTests.isLong ? Int.random(in: 0..<7) : Int.random(in: 0..<397)
        var restored = 0
        for bit in stride(from: start, to: 8 * header.count, by: DamagedArchiveTests.isLong ? 7 : 397) {
            var changed = header
            changed[bit / 8] ^= 1 << (bit % 8)
            // Only what is UTF-8 still can be put together again; the rest is for the other tests.
            guard let text = String(validating: changed, as: UTF8.self) else { continue }
            var forged = archive
            forged.header = text
            let scratch = ScratchDirectory()
            scratch.files.write(forged.bytes(), to: "b")
            let file: ArchiveFile
            do { file = try ArchiveFile(scratch.file("b")) } catch is FormatError { continue }
            let registry = try Registry.open(at: scratch.file(), for: .creating)
            do {
                _ = try registry.restore(from: file)
                restored += 1
            } catch let error as RegistryError {
                switch error {
                case .unsound, .conflict, .badName: break
                default: Issue.record("bit \(bit): \(error)")
                }
            }
            let report = try registry.verify()
            #expect(report.isSound, "bit \(bit): \(report.findings.prefix(2))")
        }
        #expect(restored > 0)
    }
}
