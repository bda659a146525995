import RegistryTestSupport
import TestSupport
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
            ("a b", false), ("a@b", false), ("a:b", false), ("ä", true), ("花", true), ("größe_2", true),
            ("имя.1", true),
            ("हिन्दी", true), ("\u{0301}a", false), ("٣a", false), ("a٣", true), ("a\n", false), ("a🌸", false),
            ("\u{3164}", false), ("a\u{200D}b", false), (String(repeating: "花", count: 128), true),
            (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false),
        ])
    func names(_ text: String, _ isName: Bool) {
        #expect((try? ModelName(text))?.text == (isName ? text : nil))
    }

    @Test(
        "a name from a file is mended",
        arguments: [
            ("iris", "iris"), ("my data (1)", "my_data__1_"), ("2024-sales", "_2024-sales"), ("", "model"),
            ("größe", "größe"), ("花 (2)", "花__2_"), ("癌", "癌"), ("🌸", "_"), ("\u{0301}", "_\u{0301}"),
            ("e\u{0301}te\u{0301}", "\u{E9}t\u{E9}"), ("-x", "_-x"), ("٣", "_٣"),
            (String(repeating: "b", count: 300), String(repeating: "b", count: 128)),
        ])
    func mended(_ text: String, _ name: String) throws {
        #expect(ModelName.mended(text).text == name)
        _ = try ModelName(ModelName.mended(text).text)
    }

    @Test("a name has one form, however its accents were typed")
    func composed() throws {
        for text in ["e\u{0301}te\u{0301}", "\u{E9}te\u{0301}", "\u{E9}t\u{E9}"] {
            let name = try ModelName(text)
            #expect(Array(name.text.utf8) == Array("\u{E9}t\u{E9}".utf8))
            #expect(try Reference(text + ":2") == .version(model: name.text, number: 2))
            guard case .alias(let model, let alias) = try Reference("\(text)@\(text)") else {
                Issue.record("no alias")
                return
            }
            #expect(Array((model + alias).utf8) == Array("\u{E9}t\u{E9}\u{E9}t\u{E9}".utf8))
        }
    }

    @Test("a mended name is a name, and mending it again changes nothing")
    func mendedTwice() throws {
        var random = SplitMix64(testSeed())
        for _ in 0..<2_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<random.next() % 12 {
                let range: UInt64 = random.next() % 2 == 0 ? 0x400 : 0x1_F700
                if let scalar = Unicode.Scalar(UInt32(random.next() % range)) { scalars.append(scalar) }
            }
            let name = ModelName.mended(String(scalars)).text
            #expect(try ModelName(name).text == name)
            #expect(ModelName.mended(name).text == name)
        }
    }

    @Test("last, best and current are no aliases")
    func aliases() throws {
        for name in ["last", "best", "current"] { #expect(throws: RegistryError.self) { try ModelName.alias(name) } }
        #expect(try ModelName.alias("production").text == "production")
    }
}
