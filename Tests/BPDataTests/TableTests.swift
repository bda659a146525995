@testable import BPData
import Testing

@Suite struct TableTests {
    private func column(_ name: String, _ numbers: [Double]) -> Column { Column(name: name, values: .f64(numbers)) }

    @Test func aTableMadeInMemory() throws {
        let table = try Table(name: "mine", columns: [column("x", [1, 2]), column("y", [3, 4])])
        #expect(table.rowCount == 2)
        #expect(table.line(ofRow: 0) == nil)
        #expect(table.file == nil)
        #expect(table.index(ofColumn: "y") == 1)
        #expect(table.index(ofColumn: "z") == nil)
    }

    @Test func columnsThatMakeNoTable() throws {
        #expect(try failure { try Table(name: "t", columns: []) }.message == "a table needs a column")
        #expect(try failure { try Table(name: "t", columns: [column("x", [])]) }.message == "a table needs a row")
        let lengths = try failure { try Table(name: "t", columns: [column("x", [1]), column("y", [1, 2])]) }
        #expect(lengths.description == "column 2 (y): has 2 rows, column 1 has 1")
        let names = try failure { try Table(name: "t", columns: [column("x", [1]), column("x", [1])]) }
        #expect(names.description == "column 2 (x): the name is used twice, for columns 1 and 2")
        #expect(try failure { try Table(name: "t", columns: [column("", [1])]) }.message == "a column has no name")
        for number in [Double.nan, .infinity] {
            let error = try failure { try Table(name: "t", columns: [column("x", [1, number])]) }
            #expect(error.message == "row 2: \(number) is no finite number")
        }
    }

    @Test func anUnknownColumnListsTheOthersAndNearNames() throws {
        let read = try table("sepal_length,petal_length,species\n1,2,x\n")
        let near = try failure { try read.requiredIndex(ofColumn: "Specis", as: "target") }
        #expect(near.kind == .unknownColumn)
        #expect(near.columnName == "Specis")
        #expect(
            near.message == "there is no target \"Specis\" (did you mean species?); the columns are: "
                + "sepal_length, petal_length, species")
        let far = try failure { try read.requiredIndex(ofColumn: "price") }
        #expect(far.message == "there is no column \"price\"; the columns are: sepal_length, petal_length, species")
    }

    @Test func longListsAreCutInTheMiddle() throws {
        let names = (1...100).map { "c\($0)" }
        let text = names.joined(separator: ",") + "\n" + names.map { _ in "1" }.joined(separator: ",") + "\n"
        let error = try failure { try table(text).requiredIndex(ofColumn: "y") }
        #expect(error.message.hasSuffix("c18, c19, … c100 (100 in all)"))
    }

    @Test func linesOfRows() {
        for lines in [[2, 3, 4], [3, 4], [2, 4, 5, 9], [2, 3, 4, 6], [7]] {
            var stored = RowLines()
            for line in lines { stored.append(line) }
            #expect(lines.indices.map { stored[$0] } == lines)
        }
    }
}
