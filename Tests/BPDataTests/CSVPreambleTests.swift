import BPData
import Testing

@Suite struct CSVPreambleTests {
    private func names(_ text: String) throws -> [String] { try table(text).columns.map(\.name) }

    @Test(arguments: ["sep=;", "SEP=;", "\"sep=;\"", "\u{FEFF}sep=;", "# c\nsep=;", "sep=;\n# c"])
    func sepNamesTheSeparator(first: String) throws {
        let read = try table(first + "\na;b\n1;x,y\n")
        #expect(read.columns.map(\.name) == ["a", "b"])
        #expect(try read.texts("b") == ["x,y"])
        #expect(read.notes.contains { $0.hasPrefix("columns are separated by semicolons, as line ") })
    }

    @Test func anySeparator() throws {
        #expect(try names("sep=|\na|b\n1|2\n") == ["a", "b"])
        #expect(try names("sep=\t\na\tb\n1\t2\n") == ["a", "b"])
        #expect(try names("sep= \na b\n1 2\n") == ["a", "b"])
        #expect(try names("sep=,\na;x,b;y\n1,2\n") == ["a;x", "b;y"])
        #expect(try table("sep=,\na,b\n1,2\n").notes.isEmpty)
        // No separator: a header.
        #expect(try names("sep=ab\nx\n") == ["sep=ab"])
        #expect(try names("sep=a\nx\n") == ["sep=a"])
    }

    @Test(arguments: [
        "# made by lab\n", "#\n#\n", "# a, b and c\n", "# it's \"so\n", "# c\n\n# d\n\n", "# lab, 2020\n", "# c\r\n",
    ])
    func commentsAreLeftOut(before: String) throws {
        let read = try table(before + "a,b\n0,u\n1,v\n")
        #expect(read.columns.map(\.name) == ["a", "b"])
        #expect(read.rowCount == 2)
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        let crlf = before.contains("\r\n") ? 1 : lines
        #expect(read.line(ofRow: 0) == crlf + 2)
        #expect(read.notes.count == 1)
    }

    @Test func errorsNameTheLineOfTheFile() throws {
        #expect(try failure(reading: "# c\nsep=;\na;b\n1;2\n3;x\n4;5\n").line == 5)
        #expect(try failure(reading: "# c\na,b\n1,2\n3\n").line == 4)
    }

    @Test func aHeaderMayBeginWithTheMark() throws {
        #expect(try names("#,name\n1,bob\n2,eve\n") == ["#", "name"])
        #expect(try names("# a,b\n1,2\n") == ["# a", "b"])
        #expect(try names("# made by lab\n# a,b\n1,2\n") == ["# a", "b"])
        #expect(try names("#name,town\nbob,paris\neve,rome\n") == ["#name", "town"])
        #expect(try names("#x\n1\n2\n") == ["#x"])
        #expect(try names("#tag,n\n#ai,5\n#ml,6\n") == ["#tag", "n"])
        #expect(try table("a,b\n#x,1\n#y,2\n").texts("a") == ["#x", "#y"])
    }

    @Test func nothingAfterThem() throws {
        #expect(try failure(reading: "sep=;\n").message == "the file has no header and no rows")
        #expect(try failure(reading: "# c\na,b\n").message == "the file has a header and no rows")
    }

    @Test func anUnnamedFirstColumnIsLeftOut() throws {
        let read = try table(",w,kind\n0,0.5,a\n1,x,b\n", types: ["w": .text])
        #expect(read.columns.map(\.name) == ["w", "kind"])
        #expect(read.notes == ["the first column has no name and is left out: it looks like row numbers or names"])
        #expect(try failure(reading: "\"\",w\n0,1\nx,y\n").columnNumber == 2)
        #expect(try table("\"\"\n1\n").columns.map(\.name) == ["column_1"])
    }

    @Test func otherUnnamedColumnsAreNamedByPosition() throws {
        let read = try table("a,column_3,, ,b\n1,2,3,4,5\n")
        #expect(read.columns.map(\.name) == ["a", "column_3", "column_3_", "column_4", "b"])
        #expect(read.notes == ["2 columns without a name are called column_3_, column_4"])
        #expect(try table("a,,\n1,2,x\n", types: ["column_2": .text]).types == [.u8, .text, .text])
        let only = CSVReader(only: ["column_2": .f64])
        #expect(try only.read(bytes: Array("a,\nx,2\n".utf8), name: "t").columns[0].numbers == [2])
    }

    @Test func namesThatNobodyUsesMayBeDoubled() throws {
        let only = CSVReader(only: ["a": .f64])
        let read = try only.read(bytes: Array("a,k,k\n1,2,3\n".utf8), name: "t")
        #expect(read.skippedColumns == ["k", "k"])
        #expect(throws: DataError.self) { try only.read(bytes: Array("a,a,k\n1,2,3\n".utf8), name: "t") }
    }
}
