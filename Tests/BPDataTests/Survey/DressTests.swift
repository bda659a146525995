import TestSupport
import Testing

@testable import BPData

/// Values that are not numbers and yet mean some.
@Suite struct DressTests {
    private func dress(_ text: String) -> DressedValue? { DressedValue(Array(text.utf8)) }

    @Test(
        arguments: [
            ("1,000", .thousands, "1000"), ("12,345,678.5", .thousands, "12345678.5"), ("1'234", .thousands, "1234"),
            ("1 234", .thousands, "1234"), ("1\u{202F}234", .thousands, "1234"), ("1_000", .thousands, "1000"),
            ("12,34,567", .thousands, "1234567"), ("1.234.567", .thousands, "1234567"), ("-1,000", .thousands, "-1000"),
            ("0,5", .decimalComma, "0.5"), ("-12,25", .decimalComma, "-12.25"), ("1.234,5", .decimalComma, "1234.5"),
            (",5", .decimalComma, "0.5"), ("5%", .percent, "5"), ("1.5 %", .percent, "1.5"), ("0,5%", .percent, "0.5"),
            ("$3", .currency, "3"), ("$1,200.50", .currency, "1200.50"), ("3 €", .currency, "3"),
            ("-£2.5", .currency, "-2.5"), ("3 USD", .currency, "3"), ("EUR 3", .currency, "3"),
            ("\u{2212}5", .minus, "-5"), ("\u{2013}0.5", .minus, "-0.5"), ("(1,234)", .parentheses, "-1234"),
            ("\u{FF11}\u{FF12}", .digits, "12"), ("\u{0663}", .digits, "3"), ("5 kg", .unit, "5"),
            ("180cm", .unit, "180"), ("0x1F", .hexadecimal, nil), ("2024-01-05", .date, nil),
            ("2024-01-05T10:20:30Z", .date, nil), ("2024/1/5 10:20", .date, nil), ("31/12/2024", .date, nil),
            ("12/31/24", .date, nil), ("5.1.2024", .date, nil), ("5 Jan 2024", .date, nil), ("Jan 5, 2024", .date, nil),
            ("05-January-2024", .date, nil), ("10:30", .time, nil), ("9:05:30 PM", .time, nil),
            ("US$5", .currency, "5"), ("A$ 5.50", .currency, "5.50"), ("R$5", .currency, "5"), ("5 kr", .currency, "5"),
            ("Rs. 500", .currency, "500"), ("Fr 5", .currency, "5"), ("5,-", .currency, "5"),
            ("$5k", .currency, "5000"),
            ("($5)", .currency, "-5"), ("5-", .sign, "-5"), ("1,234.5-", .sign, "-1234.5"), ("- 5", .sign, "-5"),
            ("+ 5", .sign, "5"), ("5k", .magnitude, "5000"), ("1.2M", .magnitude, "1200000"),
            ("3 bn", .magnitude, "3000000000"), ("2,5 Mio", .magnitude, "2500000"), ("5 m", .unit, "5"),
            ("32M", .unit, "32"), ("300 K", .unit, "300"), ("1/2", .fraction, "0.5"), ("3 1/2", .fraction, "3.5"),
            ("-1 1/4", .fraction, "-1.25"), ("3½", .fraction, "3.5"), ("¾", .fraction, "0.75"),
            ("5×10^3", .power, "5e3"), ("1.5 x 10**-4", .power, "1.5e-4"), ("2·10⁵", .power, "2e5"),
            ("1.5D+03", .power, "1.5e+03"), ("5 ± 0.2", .error, "5"), ("5+/-0.2", .error, "5"),
            ("1h30m", .compound, nil), ("5'11\"", .compound, nil), ("2 h 5 min", .compound, nil),
            ("3rd", .ordinal, "3"), ("11th", .ordinal, "11"), ("#5", .marked, "5"), ("~5", .marked, "5"),
            ("'5", .marked, "5"), ("=\"01234\"", .marked, "01234"), ("No. 7", .marked, "7"), ("\"5\"", .marked, "5"),
            ("5\u{A0}", .spaces, "5"), ("\u{200B}-5.5", .spaces, "-5.5"), ("8 m²", .unit, "8"),
        ] as [(String, Dress, String?)])
    func known(text: String, dress expected: Dress, plain: String?) {
        let found = dress(text)
        #expect(found?.dress == expected, "\(text)")
        #expect(found?.plain == plain, "\(text)")
    }

    @Test(
        "Plain numbers and words have none",
        arguments: [
            "5", "-1.5e3", "word", "", " ", "A/5 21171", "PC 171", "1,2,3", "1-2-3-4", "v1.2.3", "<=50K", "2024-13-40",
            "10:99x", "4D7F", "1a2b", "1/0", "a/2", "13/", "=5", "5--", "10^3", "x10", "US5", "1d6", "5 pieces x", "NA",
            "nan", "Passenger, 1", "x5", "%", "$", "a,b", "1,00", "12:3", "-", "()",
        ].filter { $0 != "1,00" })
    func none(text: String) {
        #expect(dress(text) == nil, "\(text): \(String(describing: dress(text)))")
    }

    @Test("1,234 beside 0,5 has a decimal comma, and alone a thousand")
    func ambiguity() throws {
        let commas = try #require(DressedValues(try TextValues(["1,234", "0,5", "7,25"])))
        #expect(commas.dress == .decimalComma && commas.count == 3)
        let thousands = try #require(DressedValues(try TextValues(["1,234", "5,000", "7,250"])))
        #expect(thousands.dress == .thousands && thousands.plain == "1234")
    }

    @Test("Most values decide, and the count is told")
    func most() throws {
        let some = try #require(DressedValues(try TextValues(["5%", "6%", "unknown", "7%"])))
        #expect(some.description == "3 of 4 values look like percentages, such as \"5%\"")
        #expect(some.advice == "write 5 for \"5%\"")
        #expect(DressedValues(try TextValues(["5%", "a", "b", "c"])) == nil)
        #expect(DressedValues(try TextValues(["12a", "13b", "14c", "15d", "1e", "2f", "3g", "4h", "5i", "6j"])) == nil)
    }

    @Test("Any bytes are looked at without harm")
    func anyBytes() {
        var chance = Chance()
        let alphabet = Array("0123456789,.'-+%$()/: TxeE\u{2212}€\u{0663}".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<chance.integer(0...12)).map { _ in chance.pick(alphabet) }
            if let found = DressedValue(bytes), let plain = found.plain {
                #expect(
                    Array(plain.utf8).withUnsafeBufferPointer { NumberParser.parse($0) } != nil,
                    "\(bytes) → \(plain) (seed \(chance.seed))")
            }
        }
    }
}
