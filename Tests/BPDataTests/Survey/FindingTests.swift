import TestSupport
import Testing

@testable import BPData

/// What is doubtful about the columns of a table.
@Suite struct FindingTests {
    /// A table of columns, each made of its rows' numbers.
    private func table(_ rows: Int, _ columns: [(String, (Int) -> String)]) throws -> Table {
        var text = columns.map(\.0).joined(separator: ",") + "\n"
        for row in 0..<rows { text += columns.map { "\"\($0.1(row))\"" }.joined(separator: ",") + "\n" }
        return try BPDataTests.table(text)
    }

    private func findings(_ table: Table, target: String = "y") -> [TableFinding] {
        table.findings(target: target, features: table.columns.map(\.name).filter { $0 != target })
    }

    /// Numbers that no other column follows.
    private static func noise(_ row: Int) -> Int { (row * 7919 + row * row * 31) % 101 }

    @Test func aSoundTableHasNone() throws {
        let sound = try table(
            200,
            [
                ("a", { "\(FindingTests.noise($0))" }), ("b", { "\(Double(FindingTests.noise($0 + 3)) / 8)" }),
                ("c", { ["u", "v", "w"][FindingTests.noise($0) % 3] }), ("y", { ["p", "q"][($0 / 3) % 2] }),
            ])
        #expect(findings(sound) == [])
    }

    @Test func copiesOfClasses() throws {
        let copies = try table(
            60,
            [
                ("number", { "\($0 / 7 % 3)" }), ("text", { ["one", "two", "three"][$0 / 7 % 3] }),
                ("finer", { "\($0 / 7 % 6)" }), ("coarser", { "\($0 / 7 % 3 / 2)" }),
                ("wrong", { "\($0 == 59 ? 0 : $0 / 7 % 3)" }), ("y", { ["p", "q", "r"][$0 / 7 % 3] }),
            ])
        let found = findings(copies)
        #expect(
            found == [
                .copyOfTarget(column: "number", target: "y", .oneToOne(distinct: 3)),
                .copyOfTarget(column: "text", target: "y", .oneToOne(distinct: 3)),
            ])
        #expect(
            found[0].text == "number and y determine each other in every row (3 values each): with it the target is "
                + "known, not learned (--ignore number)")
    }

    @Test func copiesOfNumbers() throws {
        let copies = try table(
            80,
            [
                ("same", { "\(FindingTests.noise($0)).5" }),
                ("fahrenheit", { "\(Double(FindingTests.noise($0)) * 1.8 + 32.9)" }),
                ("square", { "\(FindingTests.noise($0) * FindingTests.noise($0))" }),
                ("nearly", { "\(FindingTests.noise($0) + ($0 == 50 ? 1 : 0)).5" }),
                ("y", { "\(FindingTests.noise($0)).5" }),
            ])
        let found = findings(copies)
        #expect(found.map(\.column) == ["same", "fahrenheit"])
        #expect(found[0] == .copyOfTarget(column: "same", target: "y", .equal))
        #expect(found[1].text.hasPrefix("fahrenheit gives y in every row: y = 0.5555556 · fahrenheit − 17.77778: "))
    }

    @Test func rowNumbers() throws {
        let numbered = try table(
            300,
            [
                ("zero", { "\($0)" }), ("one", { "\($0 + 1)" }), ("later", { "\($0 + 5000)" }),
                ("shuffled", { "\(($0 * 7) % 300 + 1)" }), ("years", { "\(1900 + $0 / 2)" }),
                ("y", { ["p", "q"][($0 / 3) % 2] }),
            ])
        let found = findings(numbered)
        #expect(found.map(\.kind) == Array(repeating: "row-number", count: 4))
        #expect(found.map(\.column) == ["zero", "one", "later", "shuffled"])
        #expect(
            found[1].text == "one counts the rows, from 1 to 300 in order: a row number says nothing about new rows "
                + "(--ignore one)")
        #expect(
            found[2].text.hasPrefix("later goes up by 1 in each row, from 5,000 to 5,299: if it only numbers the rows"))
        #expect(found[3] == .rowNumber(column: "shuffled", first: 1, last: 300, inOrder: false))
    }

    @Test func aTextARow() throws {
        let named = try table(
            50,
            [
                ("Name", { "name \(["a", "b", "c"][$0 % 3]) w\($0)x" }), ("nearly", { $0 < 48 ? "n\($0)x" : "n" }),
                ("half", { "h\($0 / 2)x" }), ("y", { ["p", "q"][($0 / 3) % 2] }),
            ])
        let found = findings(named)
        #expect(found.map(\.column) == ["Name", "nearly"])
        #expect(found[1] == .oneValueARow(column: "nearly", distinct: 49, rows: 50))
    }

    @Test func dressedColumnsAndTheTarget() throws {
        let dressed = try table(
            40,
            [
                ("amount", { "1,\(100 + $0)" }), ("day", { "2024-01-\(10 + $0 % 20)" }),
                ("word", { $0 % 9 == 0 ? "NA" : ["u", "v"][$0 % 2] }), ("none", { ["none", "mild"][$0 / 4 % 2] }),
                ("y", { "\($0 % 4)%" }),
            ])
        let found = findings(dressed)
        #expect(found.map(\.column) == ["y", "amount", "day", "word"])
        #expect(found.map(\.kind) == ["number-as-text", "number-as-text", "number-as-text", "word-for-missing"])
        #expect(
            found[1].text == "amount is read as text, each value a category: all 40 values look like numbers with "
                + "thousands separators, such as \"1,100\"; write 1100 for \"1,100\", or leave the column out "
                + "(--ignore amount)")
        #expect(found[0].text.contains("percentages") && !found[0].text.contains("--ignore"))
        #expect(found[3] == .wordForMissing(column: "word", word: "NA", count: 5))
    }

    @Test("Of many that are alike one is told in full, and the columns of the others")
    func many() {
        let alike = (0..<30).map { TableFinding.oneValueARow(column: "c\($0)", distinct: 60, rows: 60) }
        let sentences = TableFinding.sentences(alike)
        #expect(sentences.count == 1 && sentences[0].contains("the same of 29 columns: c1, c2"))
        #expect(TableFinding.sentences(Array(alike.prefix(3))).count == 3)
    }

    @Test("An only feature is not doubted for what it could teach: a line, an order")
    func onlyFeature() throws {
        let line = try table(40, [("x", { "\($0)" }), ("y", { "\(3 * $0 - 2)" })])
        #expect(findings(line) == [])
        let copy = try table(40, [("x", { "\($0 / 3).5" }), ("y", { "\($0 / 3).5" })])
        #expect(findings(copy) == [.copyOfTarget(column: "x", target: "y", .equal)])
    }

    @Test("Columns that nobody uses are not looked at")
    func ignored() throws {
        let named = try table(
            50, [("id", { "\($0)" }), ("x", { "\(FindingTests.noise($0))" }), ("y", { "\($0 % 2)" })])
        #expect(named.findings(target: "y", features: ["x"]) == [])
    }
}

/// A target of which nearly every class has one row.
@Suite struct SingleRowTests {
    private func refusal(_ values: [String], wanted: LearningTask? = nil) throws -> DataError? {
        let table = try BPDataTests.table("x,y\n" + values.enumerated().map { "\($0),\"\($1)\"\n" }.joined())
        let choice = try table.task(forTarget: "y", wanted: wanted)
        do throws(DataError) { try table.refuseSingleRows(ofTarget: "y", choice, wanted: wanted) } catch {
            return error
        }
        return nil
    }

    @Test(
        "Small tables with classes that repeat are learned",
        arguments: [
            ["a", "a", "b", "b", "c", "c"], ["a", "b"], ["a", "b", "a"], ["a", "b", "b", "b"],
            Array(repeating: "a", count: 97) + ["b", "c", "d", "e", "f"], ["0", "1", "1", "0"],
            (0..<30).map { "c\($0 / 2)" } + ["x", "y", "z"],
        ])
    func accepted(values: [String]) throws { #expect(try refusal(values) == nil) }

    @Test func refused() throws {
        let ids = try #require(try refusal((0..<40).map { "id\($0)x" }))
        #expect(ids.kind == .unusable && ids.message.contains("40 classes, and each of them has a single row"))
        #expect(ids.message.contains("--task classification trains on it anyway"))
        let percent = try #require(try refusal((0..<60).map { "\($0).5%" }))
        #expect(percent.message.contains("percentages, such as \"0.5%\"; write 0.5"))
        let nearly = try #require(try refusal((0..<60).map { $0 < 56 ? "1,\(100 + $0)" : "1,100" }))
        #expect(nearly.message.contains("56 classes, and 55 of them have a single row"))
        let numbers = try #require(try refusal((0..<12).map { "\($0)" }))
        #expect(numbers.remedy == .regression && numbers.message.contains("use --task regression"))
    }

    @Test("Somebody who asks for classes gets them")
    func wanted() throws { #expect(try refusal((0..<8).map { "\($0)" }, wanted: .classification) == nil) }

    @Test("The classes that a part of the rows lacks are named")
    func absences() throws {
        let values = (0..<40).map { $0 % 2 == 0 ? "a" : "b" } + ["rare", "few", "few"]
        let table = try BPDataTests.table("x,y\n" + values.enumerated().map { "\($0),\($1)\n" }.joined())
        func absences(_ validation: Double, _ test: Double) throws -> [String] {
            let split = try Split(
                table, target: "y", task: .classification,
                fractions: SplitFractions(validation: validation, test: test), seed: 0)
            return try split.absences(table, target: "y", task: .classification)
        }
        #expect(
            try absences(0.15, 0.15) == [
                "in neither validation nor test, only trained on: 2 classes few (2 rows), rare (1 row)"
            ])
        #expect(
            try absences(0, 0.15) == ["not in the test part, only trained on: 2 classes few (2 rows), rare (1 row)"])
        #expect(try absences(0, 0) == [])
    }
}
