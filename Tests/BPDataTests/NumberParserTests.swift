@testable import BPData
import Foundation
import Testing

@Suite struct NumberParserTests {
    private func parse(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer { NumberParser.parse($0)?.value }
    }

    @Test(arguments: [
        "", " ", ".", "+", "-", "e5", ".e5", "1e", "1e+", "1e1.5", "--1", "+-1", "1 2", "1,5", "1_000", "0x10", "0x1p3",
        "inf", "nan", "infinity", "1f", "1d", "٣", "1e5e5", "1..2", "1.2.3", "−1", "$5", "5%", "1\u{A0}",
    ])
    func whatIsNoNumber(text: String) {
        #expect(parse(text) == nil)
    }

    @Test(arguments: [
        ("0", 0), ("-0", -0.0), ("-0.0e5", -0.0), ("0e999999999999999999999", 0), ("+1", 1), ("1.", 1), (".5", 0.5),
        ("-.5e-1", -0.05), ("1E3", 1000), ("1e+3", 1000), ("  1\t", 1), ("007", 7), ("1e-999", 0), ("-1e-999", -0.0),
        ("1e999", Double.infinity), ("-1e999", -Double.infinity), ("1e-99999999999999999999", 0),
        ("9007199254740993", 9_007_199_254_740_992), ("9007199254740993.0000000000000000000001", 9_007_199_254_740_994),
        ("18446744073709551616", 18_446_744_073_709_551_616), ("100000000000000000000000", 1e23),
        ("0.00000000000000000000000000000000000000000000001", 1e-47), ("1.00000000000000000000000000000000000", 1),
        ("12300000000000000000000000000", 1.23e28),
    ])
    func whatIsOne(text: String, value: Double) {
        #expect(parse(text)?.bitPattern == value.bitPattern)
    }

    /// Decimals that sit on or beside the midpoint of two Doubles, at the edges of the range, or beyond 19 digits.
    @Test(arguments: [
        "2.2250738585072011e-308", "2.2250738585072012e-308", "2.2250738585072014e-308", "4.9406564584124654e-324",
        "2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623157e308", "1.7976931348623158e308",
        "1.7976931348623159e308", "8.988465674311579e307", "9007199254740991e22", "9007199254740993e22",
        "9007199254740993e-22",
        "6929495644600919.5", "3.518437208883201171875e13", "62.5364939768271845828", "8.10109172351e-10",
        "0.50000000000000016653345369377348106354475021362304687500000000000000000001",
        "1448997445238699", "1e23", "8.5e22", "1090544144181609348671888949248", "123456789012345678901234567890e-10",
        "7.2057594037927933e16", "0.000000000000000000000000000000000000000000000000000000000000000000000000000000001",
    ])
    func hardCasesAgreeWithTheStandardLibrary(text: String) throws {
        let expected = try #require(Double(text))
        #expect(parse(text)?.bitPattern == expected.bitPattern)
        #expect(parse("-" + text)?.bitPattern == (-expected).bitPattern)
    }

    @Test func randomDecimalsAgreeWithTheStandardLibrary() throws {
        var chance = Chance()
        for _ in 0..<20_000 {
            var text = (0..<chance.integer(1...chance.pick([3, 8, 17, 25]))).map { _ in String(chance.integer(0...9)) }
                .joined()
            if chance.integer(0...3) > 0 {
                text.insert(".", at: text.index(text.startIndex, offsetBy: chance.integer(0...text.count - 1)))
            }
            if chance.integer(0...1) == 0 { text += "e\(chance.integer(-340...340))" }
            let expected = try #require(Double(text.hasPrefix(".") ? "0" + text : text))
            #expect(parse(text)?.bitPattern == expected.bitPattern, "\(text), seed \(chance.seed)")
        }
    }

    @Test func everyDoubleAndFloatReadsBack() {
        var chance = Chance()
        for _ in 0..<20_000 {
            let double = chance.finiteDouble()
            #expect(parse(double.description)?.bitPattern == double.bitPattern, "\(double), seed \(chance.seed)")
            let long = String(format: "%.25e", double)
            #expect(parse(long)?.bitPattern == double.bitPattern, "\(long), seed \(chance.seed)")
            let short = Double(chance.integer(-99_999_999...99_999_999)) / 1000
            #expect(parse(short.description) == short, "\(short), seed \(chance.seed)")
        }
    }

    @Test func plainBytesAreWrittenPlainly() {
        func isPlain(_ text: String) -> Bool? {
            Array(text.utf8).withUnsafeBufferPointer { NumberParser.parse($0)?.isPlainByte }
        }
        for byte in 0...255 { #expect(isPlain(String(byte)) == true) }
        for text in ["256", "300", "999", "1000", "00", "01", "007", "+1", "-0", "1.0", "1e0", "1."] {
            #expect(isPlain(text) == false, "\(text)")
        }
        #expect(isPlain(" 7 ") == true)
    }
}
