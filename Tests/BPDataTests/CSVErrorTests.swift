import BPData
import Testing

@Suite struct CSVErrorTests {
    @Test(arguments: ["", "\u{FEFF}", "\n", "\r\n\r\n"])
    func anEmptyFile(text: String) throws {
        let error = try failure(reading: text)
        #expect(error.kind == .malformed)
        #expect(error.description == "data.csv: the file is empty")
    }

    @Test(arguments: ["a,b", "a,b\n", "a,b\r\n\r\n"])
    func aHeaderOnly(text: String) throws {
        #expect(try failure(reading: text).description == "data.csv: the file has a header and no rows")
    }

    @Test func aBlankLineBeforeTheHeader() throws {
        #expect(
            try failure(reading: "\na\n1\n").description
                == "data.csv, line 1: the first line is empty; it must name the columns")
    }

    @Test(arguments: [
        ("a,b\n1,2\n3\n", 3, "1 field found, 2 expected, as in the header"),
        ("a,b\n1,2,3\n", 2, "3 fields found, 2 expected, as in the header"),
        ("a,b\n1,2\n1\n1,2,3\n", 3, "2 of 3 rows do not have the 2 fields of the header; the first has 1"),
        ("a,b\n1\n\"x\n", 2, "1 field found, 2 expected, as in the header"),
        ("a,b\n1,2,3\n4,5,6\n", 2, "all 2 rows have 3 fields, and the header has 2"),
        ("a,b\n1\n4,5,6\n", 2, "all 2 rows have another number of fields, and the header has 2"),
        (
            "a,b\n1,2,\n4,5, \n", 2,
            "all 2 rows have 3 fields, and the header has 2: each row ends with a separator that the header does not have"
        ),
        ("a,b\n\"1\n\n\",2\n3,\n4,5,6\n", 6, "3 fields found, 2 expected, as in the header"),
        ("a,b\n\"x\n\n\",2\n4,5,6\n", 5, "3 fields found, 2 expected, as in the header"),
        ("a,b\nx,2\ny,", 3, "a value is missing"),
    ])
    func raggedRows(text: String, line: Int, message: String) throws {
        let error = try failure(reading: text, types: ["a": .text])
        #expect(error.line == line)
        #expect(error.message == message)
    }

    @Test func aBlankLineBetweenRows() throws {
        let error = try failure(reading: "a\n1\n\n\n2\n")
        #expect(error.description == "data.csv, line 3: 2 empty lines between the rows")
        #expect(try failure(reading: "a\n1\n\n2\n").description == "data.csv, line 3: an empty line between the rows")
        #expect(try table("a\n1\n \n").rowCount == 1)
    }

    @Test func aQuoteThatNeverEnds() throws {
        let error = try failure(reading: "a,b\n1,2\n3,\"x\ny,4\n5,6\n")
        #expect(error.line == 3)
        #expect(error.columnNumber == 2)
        #expect(error.value == "x\\ny,4\\n5,6\\n")
        #expect(error.message == "a quoted field begins here and never ends")
    }

    @Test func quotesInWrongPlaces() throws {
        let inside = try failure(reading: "a,b\n1,5\" pipe\n")
        #expect((inside.line, inside.columnNumber, inside.value) == (2, 2, "5\" pipe\\n"))
        #expect(inside.message.hasPrefix("a quote inside a field that does not begin with one"))
        let after = try failure(reading: "a,b\n\"1\n\" x,2\n")
        #expect((after.line, after.columnNumber) == (3, 1))
        #expect(after.message.hasPrefix("something follows the closing quote of the field that began on line 2"))
    }

    @Test func doubledNames() throws {
        let doubled = try failure(reading: "a,b, a\n1,2,3\n")
        #expect(
            doubled.description == "data.csv, line 1, column 3 (a): the name \"a\" is used twice, for columns 1 and 3")
        #expect(doubled.value == "a")
    }

    @Test func bytesThatAreNoText() throws {
        func error(_ bytes: [UInt8]) throws -> DataError {
            try failure { try CSVReader().read(bytes: bytes, name: "x", file: "x.csv") }
        }
        let nul = try error(Array("a\n1\r\n2\r3\n".utf8) + [0])
        #expect(nul.description == "x.csv, line 5: byte 10 is zero: a binary file, not CSV")
        let latin = try error(Array("a\nx\n".utf8) + [0xE4, 0x0A])
        #expect(latin.description == "x.csv, line 3: byte 5 is not UTF-8: 0xE4")
        #expect(latin.value == "0xE4")
        #expect(try error([0xFF, 0xFE, 0x61, 0x00]).message == "the text is UTF-16; it must be UTF-8")
        #expect(try error([0xFF, 0xFE, 0x61, 0x00]).remedy == .encoding("UTF-16"))
        #expect(try error(Array("a\nx\n".utf8) + [0xE4, 0x0A]).remedy == .encoding("ISO-8859-1"))
        #expect(try error(Array("a\nx\n".utf8) + [0x80, 0x0A]).remedy == .encoding("WINDOWS-1252"))
        #expect(try error(Array("ä\nx\n".utf8) + [0xE4, 0x0A]).remedy == nil)
        #expect(try error(Array("abcd".utf8.flatMap { [$0, 0] })).remedy == .encoding("UTF-16LE"))
        #expect(try error(Array("abcd".utf8.flatMap { [0, $0] })).remedy == .encoding("UTF-16BE"))
        #expect(try error([0x1F, 0x8B, 0x08, 0x00]).message == "byte 2 is not UTF-8: 0x8B")
    }

    @Test func aFieldOfMegabytes() throws {
        let limit = 1 << 20
        let long = String(repeating: "x", count: limit)
        #expect(try table("a,b\n1,\(long)\n").columns[1].texts[0].utf8.count == limit)
        let plain = try failure(reading: "a,b\n1,\(long)x\n")
        #expect((plain.line, plain.columnNumber) == (2, 2))
        #expect(plain.message == "a field of 1,048,577 bytes is above the limit of 1 MiB")
        #expect(plain.value == String(repeating: "x", count: 60) + "…")
        let quoted = try failure(reading: "a,b\n1,\"\n\(long)\"\n")
        #expect((quoted.line, quoted.columnNumber) == (2, 2))
        #expect(quoted.message.hasSuffix("is above the limit of 1 MiB; is a closing quote missing?"))
    }

    @Test func moreFieldsThanAnybodyHas() throws {
        let error = try failure(reading: "a\n" + String(repeating: ",", count: 1_000_001) + "\n")
        #expect(error.description == "data.csv, line 2: more than 1,000,000 fields in a row")
    }

    @Test func controlCharactersOfAValueAreSpelledOut() throws {
        let error = try failure(reading: "a\n1\n\u{1B}[31m\u{202E}x\ty\n")
        #expect(error.value == "\\u{1b}[31m\\u{202e}x\\ty")
        #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
    }
}
