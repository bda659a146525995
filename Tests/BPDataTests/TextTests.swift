@testable import BPData
import Testing

@Suite struct TextTests {
    private func fault(_ bytes: [UInt8]) -> TextCheck.Fault? { bytes.withUnsafeBytes { TextCheck.firstFault(in: $0) } }

    @Test func textPasses() {
        #expect(fault([]) == nil)
        #expect(fault(Array("plain text that is longer than eight bytes".utf8)) == nil)
        for scalar in [
            "\u{1}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}",
            "\u{10FFFF}",
        ] {
            for padding in 0..<9 {
                #expect(fault(Array((String(repeating: "x", count: padding) + scalar).utf8)) == nil)
            }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF], [0xE1, 0x80],
            [0xE1, 0x80, 0x41],
            [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80],
            [0xFF],
        ] as [[UInt8]])
    func whatIsNoUTF8(bytes: [UInt8]) {
        for padding in 0..<9 {
            let before = [UInt8](repeating: 0x78, count: padding)
            #expect(fault(before + bytes) == .invalidUTF8(padding))
        }
    }

    @Test func zeroIsFoundAtAnyPlace() {
        for position in 0..<20 {
            var bytes = [UInt8](repeating: 0x01, count: 20)
            bytes[position] = 0
            #expect(fault(bytes) == .nul(position))
        }
    }

    @Test func theCheckAgreesWithTheStandardLibrary() {
        var chance = Chance()
        for _ in 0..<20_000 {
            let bytes = (0..<chance.integer(1...12)).map { _ in
                chance.pick([0x41, 0x80, 0xBF, 0xC3, 0xE0, 0xE2, 0xED, 0x9F, 0xA0, 0xF0, 0xF4, 0x8F, 0x90] as [UInt8])
            }
            #expect(
                (fault(bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil),
                "\(bytes), seed \(chance.seed)")
        }
    }

    @Test func shownText() {
        #expect(Visible.text("a\tb\n\u{0}\u{1B}\u{200B}é🧪") == "a\\tb\\n\\0\\u{1b}\\u{200b}é🧪")
        #expect(Visible.text(String(repeating: "é", count: 61)) == String(repeating: "é", count: 60) + "…")
        #expect(Visible.text(String(repeating: "é", count: 60)).hasSuffix("é"))
        #expect([0, 999, 1000, 1_234_567, -1234].map(Visible.grouped) == ["0", "999", "1,000", "1,234,567", "-1,234"])
    }
}
