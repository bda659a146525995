import Testing

@testable import BPQuery

@Suite("Words, grammar and times")
struct ParserTests {
    private func name(_ text: String, at start: Int) -> ParsedName {
        ParsedName(text: text, span: TextSpan(start: start, end: start + text.unicodeScalars.count))
    }

    @Test("words are cut at their ends, and each knows its place")
    func words() throws {
        let tokens = try Lexer.tokens("a.b-c<=-1.5e-3 AND 'it''s' != \"é\",+inf")
        #expect(
            tokens.map(\.kind) == [
                .name("a.b-c"), .comparison(.lessOrEqual), .number(-1.5e-3), .keyword(.and), .text("it's"),
                .comparison(.unequal), .text("é"), .comma, .number(.infinity), .end,
            ])
        #expect(tokens.map(\.span.start) == [0, 5, 7, 15, 19, 27, 30, 33, 34, 38])
    }

    @Test("whole numbers are exact, and those beyond 64 bits are refused")
    func wholeNumbers() throws {
        let tokens = try Lexer.tokens("9007199254740992 9007199254740993 -9223372036854775808 1e30 +9007199254740993")
        #expect(
            tokens.map(\.kind) == [
                .number(9_007_199_254_740_992), .whole(9_007_199_254_740_993), .number(-9_223_372_036_854_775_808),
                .number(1e30), .whole(9_007_199_254_740_993), .end,
            ])
        let fault = #expect(throws: QueryError.self) { try Lexer.tokens("run = 9223372036854775808") }
        #expect(fault?.near == ["\"9223372036854775808\""] && fault?.column == 7)
        #expect(QueryValue.number(spelledBy: "9007199254740993") == .whole(9_007_199_254_740_993))
        #expect(QueryValue.number(spelledBy: "1e1") == .number(10))
    }

    @Test("and binds closer than or, not closer than both")
    func precedence() throws {
        let expression = try Parser.parse("a or not b and c")
        let (a, b, c) = (name("a", at: 0), name("b", at: 9), name("c", at: 15))
        #expect(expression == .any([.truth(a), .all([.not(.truth(b)), .truth(c)])]))
        #expect(try Parser.parse("(((a)))") == .truth(name("a", at: 3)))
    }

    @Test("each form of comparison is read")
    func comparisons() throws {
        let x = name("x", at: 0)
        func number(_ value: Double, at start: Int) -> ParsedLiteral {
            ParsedLiteral(value: .number(value), span: TextSpan(start: start, end: start + 1))
        }
        #expect(try Parser.parse("x == 1") == .compare(.name(x), .equal, .literal(number(1, at: 5))))
        #expect(
            try Parser.parse("x NOT between 1 and 2")
                == .between(x, number(1, at: 14), number(2, at: 20), negated: true))
        #expect(try Parser.parse("x in (1,2)") == .among(x, [number(1, at: 6), number(2, at: 8)], negated: false))
        #expect(try Parser.parse("x is not null") == .isNull(x, negated: true))
        #expect(try Parser.parse("x is nan") == .isNaN(x, negated: false))
    }

    @Test(
        "a time is the whole stretch that it names, in UTC",
        arguments: [
            ("1970", 0, 31_536_000_000_000), ("2024-02", 1_706_745_600_000_000, 1_709_251_200_000_000),
            ("2026-11-24", 1_795_478_400_000_000, 1_795_564_800_000_000),
            ("2026-11-24T10:00", 1_795_514_400_000_000, 1_795_514_460_000_000),
            ("2026-11-24t10:00:07z", 1_795_514_407_000_000, 1_795_514_408_000_000),
            ("2026-11-24 10:00:00.5", 1_795_514_400_500_000, 1_795_514_400_600_000),
            ("1969-12-31T23:59:59.999999Z", -1, 0),
        ] as [(String, Int64, Int64)])
    func times(text: String, start: Int64, end: Int64) {
        #expect(QueryTime(text) == QueryTime(start: start, end: end))
    }

    @Test(
        "other texts are not times",
        arguments: [
            "", "26", "20261", "2026-13", "2026-02-29", "2026-11-24T", "2026-11-24T24:00", "2026-11-24T10:60",
            "2026-11-24T10", "2026-11-24T10:00:00.", "2026-11-24T10:00:00.1234567", "2026-11-24Z", "٢٠٢٦", "2026 ",
        ])
    func noTimes(text: String) {
        #expect(QueryTime(text) == nil)
    }
}
