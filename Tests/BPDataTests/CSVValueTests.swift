import BPData
import Testing

@Suite struct CSVValueTests {
    @Test func quotedSpacesAreText() throws {
        let read = try table("a,b\n\"\t\",x\n\" \",y\nz,x\n")
        #expect(try read.texts("a") == ["\t", " ", "z"])
        // Nothing in quotes is nothing, and spaces without quotes are too.
        for empty in ["\"\"", " ", "\" \" ".replacingOccurrences(of: "\" \" ", with: "\t"), ""] {
            let error = try failure(reading: "a,b\nx,1\n\(empty),2\n")
            #expect(error.faults.map(\.kind) == [.missing], "\(empty)")
        }
        // Among numbers they are no number.
        let error = try failure(reading: "a,b\n1,1\n\" \",2\n")
        #expect(error.faults.map(\.kind) == [.missing] && error.line == 3)
    }

    @Test(arguments: ["", " ", "\t", "NA", "na", "N/A", "NaN", "nan", "-nan", "null", "NULL", "none", "?", " NA "])
    func holesAmongNumbers(hole: String) throws {
        // After numbers, and before them: the hole itself is named either way.
        let after = try failure(reading: "x,age\nu,1\nv,2\nw,\(hole)\n")
        #expect((after.kind, after.line, after.columnNumber, after.columnName) == (.badValue, 4, 2, "age"))
        #expect(after.message.hasPrefix("a value is missing"))
        let before = try failure(reading: "x,age\nu,\(hole)\nv,2\nw,3\n")
        #expect((before.kind, before.line, before.columnNumber, before.columnName) == (.badValue, 2, 2, "age"))
        #expect(before.message.hasPrefix("a value is missing"))
    }

    @Test(arguments: ["inf", "-inf", "+Inf", "Infinity", "-INFINITY"])
    func infinityAmongNumbers(word: String) throws {
        for text in ["a\n1\n\(word)\n", "a\n\(word)\n1\n"] {
            let error = try failure(reading: text)
            #expect(error.line == (text.hasPrefix("a\n1") ? 3 : 2))
            #expect(error.value == word)
            #expect(error.message == "\"\(word)\" is no finite number")
        }
    }

    @Test func holesAmongWordsAreWords() throws {
        #expect(try table("a\nNA\nx\nnull\ninf\n").texts("a") == ["NA", "x", "null", "inf"])
        #expect(try table("a,b\nNA,1\n?,2\n").types == [.text, .u8])
    }

    @Test func anEmptyFieldIsMissingAmongWordsToo() throws {
        for hole in ["", "\"\"", "  "] {
            let error = try failure(reading: "a,b\nx,1\n\(hole),2\n")
            #expect(error.description == "data.csv, line 3, column 1 (a): a value is missing")
        }
        #expect(try table("a,b\nx,1\n,2\n", types: ["a": .text]).texts("a") == ["x", ""])
    }

    @Test(arguments: ["1e999", "-1e309", "1.8e308", String(repeating: "9", count: 400)])
    func overflow(number: String) throws {
        let error = try failure(reading: "a\n1\n\(number)\n")
        #expect((error.kind, error.line) == (.badValue, 3))
        #expect(error.message.hasSuffix("is beyond the range of a float64"))
        #expect(error.value?.hasPrefix(number.prefix(60)) == true)
    }

    @Test func aWordAmongNumbers() throws {
        let error = try failure(reading: "a,b\n1,1\n2,2\n3,x\n")
        #expect(
            error.description == "data.csv, line 4, column 2 (b): \"x\" is not a number, "
                + "but the other 2 values are: a column is all numbers or all text")
        #expect(error.value == "x")
        #expect(try failure(reading: "a\n1\nx\n").message.contains("but the other value is:"))
        #expect(
            try failure(reading: "a\n1\nx\n2\ny\n3\n").message
                == "2 of 5 values are not numbers, the first is \"x\": a column is all numbers or all text")
    }

    @Test func aNumberAmongWords() throws {
        let error = try failure(reading: "a\nNA\nx\ny\n5\n")
        #expect(
            error.description == "data.csv, line 5, column 1 (a): \"5\" is a number, but the other 3 values are not: "
                + "a column is all numbers or all text")
        #expect(
            try failure(reading: "a\n1\nx\ny\nz\n5\n").description
                == "data.csv, line 2, column 1 (a): 2 of 5 values are numbers, and the others are not, the first is \"1\": "
                + "a column is all numbers or all text")
        #expect(error.value == "5")
    }

    @Test func theLineOfAValueIsItsOwn() throws {
        let error = try failure(reading: "a,b\nu,1\n\"v\nv\nv\",x\n")
        #expect((error.line, error.columnNumber) == (5, 2))
    }

    @Test func aDecimalCommaIsExplained() throws {
        let error = try failure(reading: "a;b\n5,1;x\n")
        #expect(
            error.description
                == "data.csv, line 2, column 1 (a): \"5,1\" looks like a number with a decimal comma; write a point")
        #expect(try table("a;b\n5,1;x\n", types: ["a": .text]).texts("a") == ["5,1"])
        #expect(try table("a;b\nx,1;x\n").texts("a") == ["x,1"])
        #expect(try table("a,b\n\"5,1\",x\n").texts("a") == ["5,1"])
    }
}
