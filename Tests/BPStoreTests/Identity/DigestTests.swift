import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Hashes, UUIDs, names")
struct DigestTests {
    @Test("SHA-256 gives the published answers, in one piece and in many")
    func known() {
        #expect(SHA256.hash([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(SHA256.hash("abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        let hash = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(SHA256.hash(million).hex == hash)
        var state = SHA256()
        for start in stride(from: 0, to: million.count, by: 999) {
            state.update(Array(million[start..<min(start + 999, million.count)]))
        }
        #expect(state.finish().hex == hash)
        #expect(state.finish() == SHA256.hash([]))
    }

    @Test("a digest reads back from its hex and its bytes, and from nothing else")
    func digests() throws {
        let digest = SHA256.hash("abc")
        #expect(SHA256Digest(hex: digest.hex) == digest)
        #expect(SHA256Digest(hex: digest.hex.uppercased()) == digest)
        #expect(SHA256Digest(bytes: digest.bytes) == digest)
        #expect(digest.short == "ba7816bf8f01")
        #expect(SHA256Digest(hex: String(digest.hex.dropLast())) == nil)
        #expect(SHA256Digest(hex: "g" + digest.hex.dropFirst()) == nil)
        #expect(SHA256Digest(bytes: [1, 2]) == nil)
    }

    @Test("a UUID is of version 7, sorts by time, and reads back from its text")
    func uuids() throws {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let uuid = UUIDv7(now: 0x0123_4567_89AB * 1_000, random: &random)
        let text = uuid.description
        #expect(text.hasPrefix("01234567-89ab-7"))
        #expect("89ab".contains(try #require(text.dropFirst(19).first)))
        #expect(UUIDv7(text) == uuid)
        #expect(UUIDv7(text.uppercased()) == uuid)
        #expect(UUIDv7(String(text.dropLast())) == nil)
        #expect(UUIDv7("0123456789abcdef0123456789abcdef0123") == nil)
    }

    @Test(
        "names are checked",
        arguments: [
            ("iris", true), ("_a.b-c9", true), ("I", true), ("", false), ("9lives", false), (".a", false),
            ("-a", false),
            ("a b", false), ("a@b", false), ("a:b", false), ("ä", false), ("a\u{0301}", false), ("a\n", false),
            (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false),
        ])
    func names(_ text: String, _ isName: Bool) {
        #expect((try? ModelName(text))?.text == (isName ? text : nil))
    }

    @Test(
        "a name from a file is mended",
        arguments: [
            ("iris", "iris"), ("my data (1)", "my_data__1_"), ("2024-sales", "_2024-sales"), ("", "model"),
            ("größe", "gr__e"), ("-x", "_-x"), (String(repeating: "b", count: 300), String(repeating: "b", count: 128)),
        ])
    func mended(_ text: String, _ name: String) throws {
        #expect(ModelName.mended(text).text == name)
        _ = try ModelName(ModelName.mended(text).text)
    }

    @Test("last, best and current are no aliases")
    func aliases() throws {
        for name in ["last", "best", "current"] { #expect(throws: RegistryError.self) { try ModelName.alias(name) } }
        #expect(try ModelName.alias("production").text == "production")
    }
}
