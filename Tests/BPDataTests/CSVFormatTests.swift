import BPData
import Testing

@Suite struct CSVFormatTests {
    @Test(arguments: ["\n", "\r\n", "\r"])
    func lineEndsOfEachKind(end: String) throws {
        for last in ["", end, end + end + end] {
            let read = try table(["a,b", "1,x", "2,y"].joined(separator: end) + last)
            #expect(read.rowCount == 2)
            #expect(try read.texts("a") == ["1", "2"])
            #expect(try read.texts("b") == ["x", "y"])
            #expect((0..<2).map(read.line) == [2, 3])
        }
    }

    @Test func byteOrderMarkIsNoPartOfTheName() throws {
        let read = try table("\u{FEFF}a,b\n1,2\n")
        #expect(read.columns.map(\.name) == ["a", "b"])
    }

    @Test func quotesHoldSeparatorsLineEndsAndDoubledQuotes() throws {
        let read = try table(
            "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"one\ntwo\r\nthree\",\"\"\"\"\n\"5\",z\n", types: ["a": .text])
        #expect(try read.texts("a") == ["x,y", "one\ntwo\r\nthree", "5"])
        #expect(try read.texts("b") == ["say \"hi\"", "\"", "z"])
    }

    @Test func rowsKnowThePhysicalLineTheyBeginOn() throws {
        let read = try table("a\n\"x\n\n\"\ny\n\"z\r\n\"\rw\n")
        #expect((0..<4).map(read.line) == [2, 5, 6, 8])
        #expect(try table("\"a\nb\"\nx\ny\n").line(ofRow: 1) == 4)
    }

    @Test func quotedNumbersAreNumbers() throws {
        let read = try table("\"a\",\"b\"\n\"1\",\"2.5\"\n\"3\",\"4\"\n")
        #expect(read.types == [.u8, .f32])
    }

    @Test func spacesAroundNamesAndNumbersCountForNothing() throws {
        let read = try table(" a ,\tb\t\n 1 ,\t2.5\t\n")
        #expect(read.columns.map(\.name) == ["a", "b"])
        #expect(read.columns.map(\.numbers) == [[1], [2.5]])
    }

    @Test func spacesAroundTextCountOnlyInQuotes() throws {
        #expect(try table("a,b\n x ,1\n\t y z\t,2\n").texts("a") == ["x", "y z"])
        #expect(
            try table("a, b\n \"x\" , \" y \"\n\"x\",\"y\"\n").columns.map(\.texts) == [["x", "x"], [" y ", "y"]])
        #expect(try table("a\tb\n\"x\"\t1\n").texts("a") == ["x"])
        #expect(try table("a,b\n  ,1\n", types: ["a": .text]).texts("a") == [""])
    }

    @Test(arguments: [(";", "semicolons"), ("\t", "tabs")])
    func theHeaderShowsAnotherSeparator(separator: String, word: String) throws {
        let read = try table("a\(separator)b\n1\(separator)\"x,y\"\n")
        #expect(read.columns.map(\.name) == ["a", "b"])
        #expect(try read.texts("b") == ["x,y"])
        #expect(read.notes == ["columns are separated by \(word), as the header shows"])
    }

    @Test func aCommaInTheHeaderKeepsTheComma() throws {
        #expect(try table("a;b,c\n1,2\n").columns.map(\.name) == ["a;b", "c"])
        #expect(try table("a;b\tc\n1\n").columns.map(\.name) == ["a;b\tc"])
        #expect(try table("\"a;b\"\n1\n").columns.map(\.name) == ["a;b"])
        #expect(try table("\"a,b\";c\n1;2\n").columns.map(\.name) == ["a,b", "c"])
    }

    @Test func aHeaderThatLooksLikeDataIsSaid() throws {
        #expect(try table("5.1,x\n4.9,y\n").notes == ["a column is called 5.1: is the first line a header?"])
        #expect(try table("1,x\n4.9,y\n").notes.isEmpty)
    }

    @Test func namesAreTextOfAnyLanguage() throws {
        let read = try table("größe,名前,🌱\n1,ä,𝄞\n")
        #expect(read.columns.map(\.name) == ["größe", "名前", "🌱"])
        #expect(try read.texts("🌱") == ["𝄞"])
    }

    @Test func oneColumnAndOneRowAreEnough() throws {
        let read = try table("a\n1")
        #expect(read.rowCount == 1)
        #expect(read.name == "data")
        #expect(read.file == "data.csv")
    }

    @Test func onlyTheColumnsAskedForAreRead() throws {
        let reader = CSVReader(only: ["b": .f64, "absent": .f64])
        let read = try reader.read(bytes: Array("a,b,c\n1,2,\nx,3,NA\n".utf8), name: "data")
        #expect(read.columns.map(\.name) == ["b"])
        #expect(read.skippedColumns == ["a", "c"])
        #expect(read.columns[0].numbers == [2, 3])
    }
}
